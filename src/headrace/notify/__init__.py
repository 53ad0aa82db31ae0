"""Telling people: how messages leave by mail, webhooks, chats and other services."""
