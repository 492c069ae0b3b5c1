"""The demonstration: a shop's support assistant, written as anyone would write it."""
