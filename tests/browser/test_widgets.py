"""What a student does with the widgets of an attempt page, and what is stored then."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Sitting

pytestmark = pytest.mark.browser


def go(page: Page, part: str) -> None:
    page.get_by_role("navigation", name="Problems and parts").locator(f'[href="#part-{part}"]').click()


def status(page: Page, field: str) -> str:
    return f'[data-field="{field}"] > [data-status]'


def test_none_of_these_and_the_options_exclude_each_other(exam_page: Page, sitting: Sitting) -> None:
    go(exam_page, "1a")
    exam_page.get_by_label("three").check()
    exam_page.get_by_label("None of these").check()

    expect(exam_page.get_by_label("three")).not_to_be_checked()
    sitting.wait_for("1a", {"choice": []})

    exam_page.get_by_label("two").check()

    expect(exam_page.get_by_label("None of these")).not_to_be_checked()
    sitting.wait_for("1a", {"choice": [2]})


def test_unticking_the_last_option_is_no_answer(exam_page: Page, sitting: Sitting) -> None:
    exam_page.get_by_label("two").check()
    sitting.wait_for("1a", {"choice": [2]})

    exam_page.get_by_label("two").uncheck()

    sitting.wait_for("1a", {})


def test_a_choice_can_be_taken_back(exam_page: Page, sitting: Sitting) -> None:
    gate = exam_page.get_by_role("group", name="The gate")
    gate.get_by_label("output").check()
    sitting.wait_for("1b", {"gate": "output"})

    gate.get_by_label("no answer").check()

    sitting.wait_for("1b", {})


def test_a_text_shows_its_formulas_only_once_there_are_some(exam_page: Page) -> None:
    words = exam_page.get_by_role("textbox", name="Your words")
    words.fill("half of <b>it</b>")
    preview = exam_page.get_by_role("group", name="Preview: Your words")
    expect(preview).to_be_hidden()

    words.fill(r"half of <b>it</b> is $\frac{1}{2}$")

    expect(preview.locator("mfrac")).to_have_count(1)
    expect(preview).to_contain_text("half of <b>it</b> is")


def test_a_formula_is_shown_as_it_is_read(exam_page: Page) -> None:
    go(exam_page, "2a")
    exam_page.get_by_role("textbox", name="Your formula").fill("w if y>0 else 0")

    preview = exam_page.get_by_role("group", name="Preview: Your formula")
    expect(preview.locator("mtable")).to_have_count(1)
    expect(preview).to_contain_text("otherwise")


def test_a_formula_that_cannot_be_read_says_where_while_it_is_typed(
    exam_page: Page, sitting: Sitting
) -> None:
    go(exam_page, "2a")
    field = exam_page.get_by_role("textbox", name="Your formula")
    field.fill("((((")

    expect(exam_page.locator(status(exam_page, "2a.formula"))).to_contain_text("cannot be read as a formula")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(exam_page.locator('[data-overview-part="2a"]')).to_contain_text("unreadable")
    sitting.wait_for("2a", {"formula": "(((("})


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("Share", "1/2500", "= 0.0004"),
        ("Share", "0,001", "= 0.001"),
        ("Count", "(11*11*3+1)*96", "= 34944"),
    ],
)
def test_a_number_says_what_it_is(exam_page: Page, field: str, typed: str, said: str) -> None:
    go(exam_page, "2b")
    exam_page.get_by_label(field, exact=True).fill(typed)

    expect(exam_page.locator(status(exam_page, f"2b.{field.lower()}"))).to_have_text(said)


def test_a_number_that_is_none_is_said_and_kept(exam_page: Page, sitting: Sitting) -> None:
    go(exam_page, "2b")
    box = exam_page.get_by_label("Share", exact=True)
    box.fill("about 12")

    expect(box).to_have_attribute("aria-invalid", "true")
    expect(box).to_have_accessible_description(
        "This is an estimate, not one exact number; enter only the number."
    )
    sitting.wait_for("2b", {"share": "about 12"})

    box.fill("12")

    expect(box).not_to_have_attribute("aria-invalid", "true")


def test_each_number_of_a_list_has_its_own_name_and_reading(exam_page: Page, sitting: Sitting) -> None:
    go(exam_page, "2c")
    exam_page.get_by_label("height").fill("64.75")
    exam_page.get_by_label("channels").fill("abc")

    expect(exam_page.locator(status(exam_page, "2c.dims"))).to_contain_text(
        "channels: There is no number here."
    )
    sitting.wait_for("2c", {"dims": ["64.75", "", "abc"]})


def test_every_cell_of_a_matrix_is_stored(exam_page: Page, sitting: Sitting) -> None:
    go(exam_page, "2d")
    for row in (1, 2):
        for column in (1, 2):
            exam_page.get_by_label(f"Grid, row {row}, column {column}").fill(f"{row}{column}")

    sitting.wait_for("2d", {"grid": [["11", "12"], ["21", "22"]]})


def test_arrow_keys_move_between_cells(exam_page: Page) -> None:
    go(exam_page, "2d")
    exam_page.get_by_label("Grid, row 1, column 1").focus()
    exam_page.keyboard.type("1")
    exam_page.keyboard.press("ArrowRight")
    exam_page.keyboard.type("2")
    exam_page.keyboard.press("ArrowDown")
    exam_page.keyboard.type("4")
    exam_page.keyboard.press("ArrowLeft")  # from the end of "4" to its start
    exam_page.keyboard.press("ArrowLeft")

    expect(exam_page.get_by_label("Grid, row 1, column 2")).to_have_value("2")
    expect(exam_page.get_by_label("Grid, row 2, column 2")).to_have_value("4")
    expect(exam_page.get_by_label("Grid, row 2, column 1")).to_be_focused()


PASTED = {
    "spreadsheet": "1\t2\n3\t4\n",
    "brackets": "[[1, 2], [3, 4]]",
    "tight brackets": "[[1,2],[3,4]]",
    "semicolons": "1 2; 3 4",
    "LaTeX": r"\begin{pmatrix}1 & 2 \\ 3 & 4\end{pmatrix}",
    "numpy": "[[1 2]\n [3 4]]",
}


@pytest.mark.parametrize("clipboard", PASTED.values(), ids=PASTED.keys())
def test_a_whole_matrix_can_be_pasted(exam_page: Page, sitting: Sitting, clipboard: str) -> None:
    go(exam_page, "2d")
    paste(exam_page, "Grid, row 1, column 1", clipboard)

    sitting.wait_for("2d", {"grid": [["1", "2"], ["3", "4"]]})


def test_a_column_fits_into_a_row(exam_page: Page, sitting: Sitting) -> None:
    go(exam_page, "2d")
    paste(exam_page, "Row, row 1, column 1", "1,5\n-2\n3")

    sitting.wait_for("2d", {"row": [["1,5", "-2", "3"]]})


def paste(page: Page, label: str, text: str) -> None:
    page.get_by_label(label).evaluate(
        """(box, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            const options = { clipboardData, bubbles: true, cancelable: true };
            box.dispatchEvent(new ClipboardEvent("paste", options));
        }""",
        text,
    )


def test_rows_of_a_table_can_be_added_and_removed(exam_page: Page, sitting: Sitting) -> None:
    go(exam_page, "3a")
    exam_page.get_by_label("Name, row 1").fill("train")
    exam_page.get_by_label("Images, row 2").fill("10k")
    exam_page.get_by_role("button", name="Add a row").click()

    expect(exam_page.get_by_label("Name, row 3")).to_be_focused()
    exam_page.keyboard.type("test")
    exam_page.get_by_label("Source, row 3").select_option("phone")
    exam_page.get_by_role("button", name="Remove row 1").click()

    rows = [{"name": "", "source": "", "size": "10k"}, {"name": "test", "source": "phone", "size": ""}]
    sitting.wait_for("3a", {"split": rows})


def test_a_size_that_is_no_number_is_said_with_its_row(exam_page: Page) -> None:
    go(exam_page, "3a")
    exam_page.get_by_label("Images, row 2").fill("many")

    expect(exam_page.locator(status(exam_page, "3a.split"))).to_contain_text(
        "Images, row 2: There is no number"
    )


def test_a_row_left_empty_is_stored_as_such(exam_page: Page, sitting: Sitting) -> None:
    go(exam_page, "3b")
    exam_page.get_by_role("radiogroup", name="train").get_by_label("low").check()

    sitting.wait_for("3b", {"loss": {"train": "low", "test": ""}})


def test_the_formula_editor_keeps_the_text_until_it_is_changed(exam_page: Page, sitting: Sitting) -> None:
    go(exam_page, "2a")
    field = exam_page.locator('[name="2a.formula"]')
    field.fill("x/2")
    expect(exam_page.get_by_role("group", name="Preview: Your formula").locator("mfrac")).to_have_count(1)
    editor = exam_page.get_by_role("button", name="Formula editor: Your formula")
    editor.click()
    expect(exam_page.locator("math-field")).to_be_focused()
    assert field.input_value() == "x/2"

    exam_page.keyboard.press("End")
    exam_page.keyboard.type("+1")
    editor.click()

    expect(field).to_be_visible()
    sitting.wait_for("2a", {"formula": r"\frac{x}{2}+1"})
