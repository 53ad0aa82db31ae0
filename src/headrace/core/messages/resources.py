"""Messages of the area ``resources``: code -> (English, zh-CN)."""

MESSAGES: dict[str, tuple[str, str]] = {
    "attribute_name": (
        "Attribute names have 1 to 64 letters, digits and _, and do not begin with a digit; found {found}.",
        "属性名由 1 到 64 个字母、数字或下划线组成，且不能以数字开头；当前为 {found}。",
    ),
    "attribute_number": ("Expected is an integer from 1.", "应为从 1 开始的整数。"),
    "parent_type": (
        "The parent of a {type} is of type {expected}.",
        "{type} 的上级类型应为 {expected}。",
    ),
    "parent_unknown": ("There is no {type} {name}.", "{type} {name} 不存在。"),
    "target_has_children": (
        "{name} is the parent of {count} other targets.",
        "{name} 是其他 {count} 个目标的上级。",
    ),
}
