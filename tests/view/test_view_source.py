"""The page's sources: what is committed is what they compile to, and nothing in them parses markup."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from spanwise.view.asset import read_assets


ROOT = Path(__file__).parents[2]
PAGE = ROOT / "console" / "page"
COMPILED = ROOT / "console" / "spanwise" / "view" / "page"
TSC = PAGE / "node_modules" / ".bin" / "tsc"


def test_what_is_committed_is_what_the_sources_compile_to(tmp_path: Path) -> None:
    """Strictly typed, and no module is missing, left over or edited by hand."""
    assert TSC.exists(), "the compiler is missing; run: cd console/page && npm ci"
    done = subprocess.run(
        [TSC, "--outDir", tmp_path], cwd=PAGE, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout
    fresh = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.glob("*.js")}
    committed = {path.name: path.read_text(encoding="utf-8") for path in COMPILED.glob("*.js")}
    assert committed == fresh, "compile the page again; run: make generate"


MARKUP = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|\beval\b|new Function"
    r"|srcdoc|XMLHttpRequest|WebSocket|EventSource|sendBeacon|import\(|https?://(?!www\.w3\.org/2000/svg)"
)


@pytest.mark.parametrize("path", sorted(COMPILED.iterdir()), ids=lambda path: path.name)
def test_no_file_parses_markup_or_names_another_host(path: Path) -> None:
    """Telemetry becomes text nodes; the page has one way to ask, and one host."""
    assert MARKUP.findall(path.read_text(encoding="utf-8")) == []


def test_every_module_is_announced_in_the_page() -> None:
    """A browser asks for all modules at once, and for none that is not there."""
    index = (COMPILED / "index.html").read_text(encoding="utf-8")
    announced = set(re.findall(r"/page/([a-z]+\.js)", index))
    assert announced == {path.name for path in COMPILED.glob("*.js")} - {"answer.js", "page.js"}  # types only


def test_the_page_has_no_inline_script_or_style() -> None:
    """The policy forbids both, and the page has neither."""
    index = (COMPILED / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<script(?! type=\"module\" src=\"/page/main\.js\")|<style|style=| on[a-z]+=", index) == []


def test_the_files_are_small_and_served_with_their_types() -> None:
    """What a browser loads first is less than most pictures."""
    assets = read_assets()
    assert {"index.html", "style.css", "main.js", "icon.svg"} <= set(assets)
    assert sum(len(asset.content) for asset in assets.values()) < 200_000
    assert assets["main.js"].media_type.startswith("text/javascript")


FIGURES: dict[str, list[tuple[float | None, str]]] = {
    "short": [(None, "\u2013"), (0, "0"), (999, "999"), (1000, "1k"), (120_000, "120k"), (1_234_567, "1.23M")],
    "seconds": [(None, "\u2013"), (0, "0 s"),
                (0.0000015, "2 µs"), (0.85, "850 ms"), (1.25, "1.25 s"), (59.94, "59.9 s"),
                (125, "2m 05s"), (12_000, "3h 20m")],
    "dollars": [(0, "$0.00"), (12.345, "$12.35"), (0.0123, "$0.0123"), (0.000564, "$0.000564"), (1e-8, "$1.0e-8")],
    "roundDollars": [(0, "$0"), (0.15, "$0.15"), (1234.5, "$1,230")],
    "percent": [(0, "0 %"), (0.017, "1.7 %"), (0.5, "50 %")],
}  # fmt: skip


def test_figures_read_as_a_person_writes_them() -> None:
    """Unknown is no zero, small amounts keep their digits, and long times have hours."""
    node = shutil.which("node")
    assert node, "node is missing; apt-get install nodejs npm"
    script = """
        import * as figure from %s;
        const asked = JSON.parse(process.argv[1]);
        const said = Object.entries(asked).map(([name, cases]) => [name, cases.map(([value]) => figure[name](value))]);
        process.stdout.write(JSON.stringify(Object.fromEntries(said)));
    """ % json.dumps((COMPILED / "figure.js").as_uri())  # noqa: UP031 - the script has braces
    done = subprocess.run(
        [node, "--input-type=module", "-e", script, json.dumps(FIGURES)], capture_output=True, text=True, timeout=60,
        check=True,
    )  # fmt: skip
    said = json.loads(done.stdout)
    assert said == {name: [text for _, text in cases] for name, cases in FIGURES.items()}
