from checker.lesson import Course
from webapp.reading.prose import Html, Library, Quiz, TaskEnd, code, inline, render


def html(text: str) -> str:
    return str(render(text).html)


def test_sections_have_anchors_and_tasks_have_numbers() -> None:
    prose = render("Intro\n\n## A & b\n\nText\n\n## Task 1: Say `hi`\n\nDo it\n\n## After\n")
    assert [(h.id, h.text) for h in prose.headings] == [
        ("a-b", "A & b"),
        ("task-1", "Task 1: Say hi"),
        ("after", "After"),
    ]
    assert '<h2 id="task-1"><a class="self" href="#task-1">' in prose.html


def test_a_task_ends_where_the_next_section_begins() -> None:
    prose = render("## Task 1: One\n\nfirst\n\n### Detail\n\nmore\n\n## Task 2: Two\n\nsecond\n")
    kinds = [part if isinstance(part, TaskEnd) else "text" for part in prose.parts]
    assert kinds == ["text", TaskEnd(1), "text", TaskEnd(2)]
    first = prose.parts[0]
    assert isinstance(first, Html)
    assert "more" in first.html


def test_markers_on_lines_of_their_own_become_parts() -> None:
    text = "One\n\n{{ quiz: abc-d }}\n\nTwo `{{ quiz: no }}`\n\n```text\n{{ quiz: no }}\n```\n"
    prose = render(text)
    assert [part.id for part in prose.parts if isinstance(part, Quiz)] == ["abc-d"]
    assert prose.questions == {"abc-d"}


def test_a_drawing_is_put_in_as_it_is() -> None:
    prose = render("{{ svg: wire }}\n", {"wire": '<svg viewBox="0 0 1 1"/>'})
    assert '<figure class="drawing"><svg viewBox="0 0 1 1"/></figure>' in prose.html


def test_raw_html_is_cleaned() -> None:
    text = "A <b onclick='x()'>b</b> <script>alert(1)</script> [l](javascript:x) <iframe src=x>\n"
    cleaned = html(text)
    assert "<b>b</b>" in cleaned
    for bad in ("onclick", "script", "alert", "iframe"):
        assert bad not in cleaned


def test_every_fence_of_the_lesson_format_is_code() -> None:
    text = (
        "```python run\nprint('hi')\n```\n\n```text output\nhi\n```\n\n"
        "```python fails=\"ValueError: URL rule 'm' must start with a slash.\"\nx = 1\n```\n\n"
        '```python from="solution/app.py" part="index"\ny = 2\n```\n\n'
        "```js run\nlet z = 3\n```\n\n```console\n$ course check 4\n```\n\n```nonsense\nq\n```\n"
    )
    rendered = html(text)
    assert rendered.count('<figure class="code"') == 7
    assert rendered.count(" data-program=") == 2, "those that come to an end by themselves"
    assert "```" not in rendered
    labels = ("Python", "It prints", "app.py", "JavaScript", "Terminal", "Nonsense")
    assert all(f"<figcaption>{label}</figcaption>" in rendered for label in labels)
    assert '<span class="kd">let</span>' in rendered
    assert "style=" not in rendered


def test_code_in_a_list_stays_in_it() -> None:
    rendered = html("1. one\n\n    ```python\n    x = 1\n    ```\n\n2. two\n")
    assert rendered.count("<ol>") == 1
    assert rendered.index("figure") < rendered.index("two")


def test_wide_tables_scroll_by_themselves() -> None:
    rendered = html("| a | b |\n|---|--:|\n| 1 | 2 |\n")
    assert '<div class="scroll" tabindex="0" role="group"><table>' in rendered
    assert '<td align="right">2</td>' in rendered


def test_an_empty_corner_of_a_table_is_no_header() -> None:
    rendered = html("|  | b |\n|---|---|\n| 1 | 2 |\n")
    assert "<td></td>" in rendered
    assert "<th></th>" not in rendered


def test_code_and_inline_escape_what_they_are_given() -> None:
    assert "&lt;b&gt;" in code("<b>", "text")
    assert inline("Use `<b>` *now*") == "Use <code>&lt;b&gt;</code> <em>now</em>"
    assert "onerror" not in inline("<img src=x onerror=alert(1)>")
    assert inline("--host") == "--host"


def test_the_library_renders_a_text_once(course: Course) -> None:
    library = Library(course)
    lesson = course.lessons[0]
    assert library.lesson(lesson) is library.lesson(lesson)
    assert "<title" in library.page(course.pages[0]).html
    assert len(library.hints(lesson, 1)) == 2
    assert library.hints(lesson, 9) == []
