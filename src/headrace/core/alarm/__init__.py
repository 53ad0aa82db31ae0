"""Alarms: what a decision gives occasion to tell, and in which words."""

from headrace.core.alarm.occasions import Telling, tellings
from headrace.core.alarm.wording import Message, trial, wording

__all__ = ["Message", "Telling", "tellings", "trial", "wording"]
