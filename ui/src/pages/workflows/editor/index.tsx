export { default } from "@/pages/missing";
