"""Files in messages are references beyond a few bytes, the same ones that the `cap` step makes."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spanwise.cap.blob import note
from spanwise.instrument.codec.media import LONGEST, blob_part, url_part
from spanwise.instrument.codec.openai_message import chat_message


FILE = bytes(range(256)) * 40
TEXT = base64.b64encode(FILE).decode()


def test_a_file_becomes_the_note_of_the_cap_step() -> None:
    """Bytes, base64 and a data URL of one file leave one and the same reference."""
    noted = note(f"data:image/png;base64,{TEXT}")

    assert noted is not None and noted.startswith("[image/png, 10240 bytes, sha256 ")
    for part in (
        blob_part(FILE, mime_type="image/png", modality="image"),
        blob_part(TEXT, mime_type="image/png", modality="image"),
        blob_part(base64.urlsafe_b64encode(FILE).decode(), mime_type="image/png", modality="image"),
        url_part(f"data:image/png;base64,{TEXT}", "image"),
    ):
        assert part == {"type": "blob", "modality": "image", "mime_type": "image/png", "content": noted}


def test_a_tiny_file_stays_as_it_is() -> None:
    """What the `cap` step would leave alone is left alone here, as bytes and as base64."""
    text = base64.b64encode(b"a" * 191).decode()

    assert blob_part(text[:LONGEST], mime_type="a/b", modality="audio")["content"] == text[:LONGEST]
    assert blob_part(b"a" * 191, mime_type="a/b", modality="audio")["content"] == text


def test_what_a_model_said_is_its_words_and_a_reference() -> None:
    """An answer in audio has its transcript, and the audio never inline."""
    message = chat_message({"role": "assistant", "audio": {"id": "audio_1", "transcript": "Hello", "data": TEXT}})

    assert message["parts"][0] == {"type": "text", "content": "Hello"}
    assert message["parts"][1]["content"].startswith("[audio, 10240 bytes, sha256 ")


@pytest.mark.parametrize("modality", ["image", "audio"])
@given(st.text(max_size=600) | st.binary(max_size=600))
def test_no_part_is_longer_than_its_limit(modality: str, content: str | bytes) -> None:
    """Whatever is given, a part is bounded and nothing raises."""
    assert len(blob_part(content, mime_type="x" * 900, modality=modality)["content"]) <= LONGEST
