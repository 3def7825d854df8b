"""The page in Chromium: it opens, everything can be used, by keyboard too, and nothing gets out."""

import pytest


def test_what_disagrees_is_seen_first(opened):
    seen = opened()
    assert seen.text("h1") == "1 of 2 pairs disagree"
    assert seen.text("#table tbody .open") == "smooth"
    assert seen.count("tr.case") == 1
    assert seen.text("mark") != ""


def test_what_comes_from_the_project_stays_text(opened, hostile):
    seen = opened()
    assert seen.page.title() == "1 of 2 pairs disagree"
    assert seen.text("tr.case th") == hostile.replace("\u202e", "\\u202e")
    assert seen.page.locator("img, b:text('quoted')").count() == 0
    assert "<img src=x" in seen.text(".code")


def test_the_slider_moves_by_keyboard(opened):
    seen = opened()
    slider = seen.page.locator(".player input")
    slider.focus()
    slider.press("Home")
    assert seen.text(".now").startswith("Step 1 of")
    assert seen.count(".variables tbody tr") == 1
    for _ in range(4):
        slider.press("ArrowRight")
    assert seen.text(".now").startswith("Step 5 of")
    assert "total" in seen.text(".variables")
    assert seen.text(".cell.current .number") == "5"
    assert slider.get_attribute("aria-valuetext") == seen.text(".now")


def test_the_buttons_move_too(opened):
    seen = opened()
    start = seen.text(".now")
    assert "different" in start
    seen.page.click(".back")
    assert seen.text(".now") != start
    seen.page.click(".wrong")
    assert seen.text(".now") == start


def test_a_variable_is_drawn_on_both_sides_with_the_difference(opened):
    seen = opened()
    seen.page.get_by_role("button", name="y", exact=True).first.click()
    assert seen.count(".picture canvas") == 3
    assert "Thinned: 90x70" in seen.text(".picture .note")
    assert "(18,4)" in seen.text(".picture table.numbers")
    seen.page.hover(".picture canvas")
    assert seen.text(".picture output").startswith("block (")


def test_a_value_leads_to_what_it_was_made_of_and_back(opened):
    seen = opened()
    seen.page.get_by_role("button", name="y", exact=True).first.click()
    first = seen.text(".graph.port .node.focus")
    node = seen.page.locator(".graph.port .level >> nth=1 >> .node").first
    wanted = node.locator("code").inner_text()
    node.focus()
    node.press("Enter")
    assert wanted in seen.text(".graph.port .node.focus")
    assert seen.page.evaluate("document.activeElement.classList.contains('focus')")
    seen.page.click(".path button")
    assert seen.text(".graph.port .node.focus") == first


def test_the_chain_rule_is_drawn(opened):
    text = opened().text(".chain")
    assert "The chain rule: b by n" in text
    assert "16 \u00b7 2 = 32" in text
    assert "Octave 32, Python 32" in text


def test_an_error_is_shown_as_the_weighted_sum_of_the_next(opened):
    seen = opened()
    assert seen.count(".network .unit") == 4 + 5 + 2
    assert seen.count(".terms tbody tr") == 2
    assert "times the slope 0.5 = delta" in seen.text(".terms")
    chosen = seen.page.locator(".unit[aria-pressed=true]")
    before = chosen.inner_text()
    seen.page.check("input[value=deltas]")
    assert chosen.inner_text() != before
    seen.page.get_by_role("button", name="Layer 1, unit 1").click()
    assert "The inputs have no error." in seen.text(".terms")


def test_the_table_is_filtered(opened):
    seen = opened()
    seen.page.fill("#filter", "case 3")
    assert seen.count("tr.case") == 1
    assert seen.text("#shown") == "1 pair, 1 case"
    seen.page.fill("#filter", "")
    seen.page.uncheck(".verdict[value=identical]")
    assert seen.text("#shown") == "1 pair, 1 case"
    seen.page.check(".verdict[value=identical]")
    seen.page.click("#unfold")
    assert seen.count("tr.case") == 6


def test_the_table_is_sorted(opened):
    seen = opened()
    seen.page.click("th[data-key=name] button")
    assert seen.text("#table tbody .open") == "right"
    seen.page.click("th[data-key=name] button")
    assert seen.text("#table tbody .open") == "smooth"
    assert seen.page.get_attribute("th[data-key=name]", "aria-sort") == "descending"
    assert seen.page.locator("th[aria-sort]").count() == 1


@pytest.mark.parametrize("width", [360, 1600])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_anybody_can_use_it(opened, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    seen = opened(width, scheme)
    seen.page.click("#unfold")
    found = Axe().run(seen.page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
