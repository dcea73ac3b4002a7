from pathlib import Path
from xml.etree import ElementTree

import pytest

from app.rendering.svg_files import ATTRIBUTES, PRESENTATION, TAGS, FigureFault, clean_svg, load_svg

EXAMS = Path(__file__).parents[2] / "exams"


def svg(inner, attributes='viewBox="0 0 10 10"'):
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inner}</svg>'


@pytest.mark.parametrize("path", sorted(EXAMS.glob("*/*.svg")), ids=lambda path: path.name)
def test_the_figures_of_our_exams_are_shown_whole(path):
    original = ElementTree.parse(path).getroot()
    shown = ElementTree.fromstring(load_svg(path))

    assert len(list(shown.iter())) == len(list(original.iter()))
    assert shown.findtext("title")
    assert shown.findtext("desc")
    assert "".join(shown.itertext()) == "".join(original.itertext())


def test_a_figure_is_an_image_with_a_name():
    shown = ElementTree.fromstring(clean_svg(svg("<title>Layers</title><rect width='3' height='2'/>")))

    assert shown.attrib == {"viewBox": "0 0 10 10", "class": "fig", "role": "img", "aria-label": "Layers"}
    assert shown.find("rect").attrib == {"width": "3", "height": "2"}


def test_the_exam_can_name_the_figure():
    assert 'aria-label="Three layers"' in clean_svg(svg("<title>x</title>"), name="Three layers")


def test_a_figure_without_view_box_gets_one_from_its_size():
    assert 'viewBox="0 0 20 30"' in clean_svg(svg("", 'width="20" height="30px"'))


@pytest.mark.parametrize(
    "inner",
    [
        "<script>alert(1)</script>",
        "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'/></foreignObject>",
        "<image href='https://elsewhere.example/x.png'/>",
        "<use href='#a'/>",
        "<style>* { display: none }</style>",
        "<a href='javascript:alert(1)'><text>x</text></a>",
        "<rect><animate attributeName='x' values='1'/></rect>",
        "<set attributeName='onclick' to='alert(1)'/>",
        "<iframe/>",
    ],
)
def test_what_runs_loads_or_restyles_is_refused_with_its_name(inner):
    tag = inner.removeprefix("<rect>").split()[0].strip("<>/").split(">")[0]

    with pytest.raises(FigureFault, match=f"<{tag}>"):
        clean_svg(svg(inner))


@pytest.mark.parametrize(
    "attribute",
    [
        "onclick='alert(1)'",
        "href='https://elsewhere.example'",
        "fill='url(https://elsewhere.example/x.svg#a)'",
        r"fill='u\72l(https://elsewhere.example)'",
        "style='background: url(https://elsewhere.example); position: fixed'",
        "style='fill: url(//elsewhere.example)'",
        "class='visually-hidden'",
        "tabindex='0'",
    ],
)
def test_attributes_that_reach_outside_are_taken_away(attribute):
    shown = ElementTree.fromstring(clean_svg(svg(f"<rect {attribute}/>")))

    assert "elsewhere" not in str(shown.find("rect").attrib)
    assert set(shown.find("rect").attrib) <= {"class"}
    assert not shown.find("rect").get("class")


def test_styles_become_attributes():
    shown = clean_svg(svg("<rect style='fill:#00ff00;stroke-width:2;-inkscape-x:1'/>"))

    assert '<rect fill="#00ff00" stroke-width="2">' in shown


def test_ids_differ_between_figures_and_references_follow():
    gradient = "<linearGradient id='g'/><rect fill='url(#g)'/>"

    assert 'id="left-g"' in clean_svg(svg(gradient), prefix="left")
    assert 'fill="url(#left-g)"' in clean_svg(svg(gradient), prefix="left")


def test_notes_of_drawing_programs_are_left_out():
    notes = (
        "<n:view xmlns:n='http://www.inkscape.org/x'><n:script>1</n:script></n:view><metadata>me</metadata>"
    )

    assert "me" not in clean_svg(svg(f"{notes}<rect/>"))
    assert "<rect>" in clean_svg(svg(f"{notes}<rect/>"))


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<svg", "not well-formed"),
        ("<html/>", "not an SVG picture"),
        ("<svg/>", "not an SVG picture"),
        ("<!DOCTYPE svg [<!ENTITY a 'aaaa'>]>" + svg("<text>&amp;a;</text>"), "declares entities"),
        (svg("", ""), "no viewBox"),
        (svg("<g>" * 50 + "</g>" * 50), "nested more than 40 deep"),
        (svg("<g>" * 5000 + "</g>" * 5000), "nested more than 250 deep"),
        (svg("<g/>" * 20_001), "more than 20000 elements"),
        (svg("x" * 500_001), "longer than 500000 characters"),
    ],
)
def test_a_faulty_file_says_why(source, reason):
    with pytest.raises(FigureFault, match=reason):
        clean_svg(source)


def test_a_missing_file_says_which(tmp_path):
    with pytest.raises(FigureFault, match=r"cnn\.svg cannot be read"):
        load_svg(tmp_path / "cnn.svg")


def test_nothing_listed_could_run():
    assert not TAGS & {"script", "foreignObject", "use", "image", "a", "style", "animate", "set"}
    assert not any(name.startswith("on") or "href" in name for name in ATTRIBUTES | PRESENTATION)
