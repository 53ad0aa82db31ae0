"""The catalogue of messages."""

import sys
import types

import pytest

from headrace.core import messages


def test_a_message_in_both_languages():
    values = {"run": 7, "status": "FAILED"}
    assert messages.text("run_wrong_state", values).startswith("Run 7 is FAILED")
    assert messages.text("run_wrong_state", values, "zh").startswith("运行 7 处于 FAILED")


def test_a_surface_has_its_own_words_and_values_stay():
    words = (("工作流", "作业流"), ("workflow", "job flow"))
    values = {"name": "我的工作流"}
    assert messages.text("workflow_exists", values, "zh", words) == "作业流 我的工作流 已存在。"
    assert messages.text("workflow_exists", {"name": "x"}, "en", words) == "There is a job flow x already."


def test_a_missing_value_shows_and_an_unknown_code_is_given_back():
    assert "<status>" in messages.text("run_wrong_state", {"run": 7})
    assert messages.text("no_such_code", {}) == "no_such_code"


def test_a_code_may_be_defined_only_once(monkeypatch):
    twin = types.ModuleType("headrace.core.messages.twin")
    monkeypatch.setattr(twin, "MESSAGES", {"run_wrong_state": ("again", "再次")}, raising=False)
    monkeypatch.setitem(sys.modules, twin.__name__, twin)
    monkeypatch.setattr(messages, "AREAS", (*messages.AREAS, "twin"))
    with pytest.raises(ValueError, match="run_wrong_state is defined twice"):
        messages._load()
