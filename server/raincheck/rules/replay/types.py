"""Types, the values of enums and extensions that are there already or not there."""

from __future__ import annotations

from raincheck.rules.replay.refused import Refused


class TypeExists(Refused):
    """A type is created whose name is taken."""

    name = "type-exists"
    why = "The earlier migrations have made a type of this name; a table has one of its own name, too."
    cure = "If an earlier migration makes the same type, delete this statement. Else give it another name."


class TypeMissing(Refused):
    """A statement needs a type that is not there."""

    name = "type-missing"
    why = "An earlier migration dropped it, renamed it, or moved it to another schema."
    cure = "Write the name it has now, or create it first."


class EnumValueExists(Refused):
    """A value is added to an enum that has it already."""

    name = "enum-value-exists"
    why = "The earlier migrations have given the enum this value."
    cure = "If an earlier migration adds the same value, delete this statement, or write ADD VALUE IF NOT EXISTS."


class EnumValueMissing(Refused):
    """A statement names a value that an enum does not have."""

    name = "enum-value-missing"
    why = "By the earlier migrations the enum has no such value: it was renamed, or the type was made anew without it."
    cure = "Write a value that the enum has now."


class ExtensionMissing(Refused):
    """A type, operator class, index method or function of an extension that no migration creates."""

    name = "extension-missing"
    why = "It belongs to an extension, and no migration creates that extension."
    cure = (
        "drizzle-kit never writes CREATE EXTENSION. Put it into a migration of its own before this one (`drizzle-kit "
        "generate --custom`): CREATE EXTENSION IF NOT EXISTS ...; the role that migrates needs the right to do so."
    )
