"""Each mistake is told with its file and its line or key, in two languages, with what to write instead."""

import pytest
import yaml
from support.small_programme import small_document, write_small_programme

from civic.programme_files.checking import check_document
from civic.programme_files.reading import ProgrammeFileError, read_document
from tests.civic.programme_files.mistakes import CASES, HEAD, spoiled


def write(folder, name):
    document, files = spoiled(name)
    write_small_programme(folder, document if isinstance(document, dict) else None, files)
    if isinstance(document, bytes):
        (folder / "programme.yaml").write_bytes(document)
    return folder


def problems_of(folder):
    with pytest.raises(ProgrammeFileError) as refused:
        check_document(read_document(folder))
    return refused.value.problems


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_is_told_with_place_and_remedy_in_two_languages(tmp_path, name):
    _, place, in_japanese, in_english = CASES[name]
    folder = write(tmp_path, name)
    problems = problems_of(folder)
    here = [problem for problem in problems if problem.key == place] if place else problems
    assert here, [problem.sentence("ja") for problem in problems]
    problem = here[0]
    japanese, english = problem.sentence("ja"), problem.sentence("en")
    assert japanese.startswith("programme.yaml")
    assert in_japanese in japanese
    assert in_english in english
    assert place in japanese
    assert place in english
    assert japanese != english
    assert not any("぀" <= c <= "ヿ" for c in english.replace("ベンチ", "")), english
    assert "{" not in japanese + english
    if place:
        source = (folder / "programme.yaml").read_text(encoding="utf-8")
        assert problem.line == expected_line(source, place)


def expected_line(source, place):
    """PyYAML's own reader asked apart: the line of the deepest part of a key path that is there."""
    node = yaml.compose(source)
    for part in place.replace("[", ".[").split("."):
        found = step(node, part)
        if found is None:
            break
        node = found
    return node.start_mark.line + 1


def step(node, part):
    if part.startswith("["):
        number = int(part[1:-1])
        is_there = isinstance(node, yaml.SequenceNode) and number < len(node.value)
        return node.value[number] if is_there else None
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return next((value for key, value in pairs if key.value == part), None)


def test_the_line_of_a_yaml_mistake_is_told(tmp_path):
    (tmp_path / "programme.yaml").write_text(HEAD + "stages: []\n\nstages: []\n", encoding="utf-8")
    assert problems_of(tmp_path)[0].line == 4
    (tmp_path / "programme.yaml").write_text(HEAD + "stages: &a []\nsites: *a\n", encoding="utf-8")
    assert problems_of(tmp_path)[0].line == 3


def test_all_mistakes_are_told_at_once(tmp_path):
    document = small_document()
    document["proposals"][0]["group"] = "nobody"
    document["proposals"][1]["model"] = "lost.glb"
    document["ballots"][1]["options"] = ["bench", "bench"]
    found = {problem.key for problem in problems_of(write_small_programme(tmp_path, document))}
    assert found == {"proposals[0].group", "proposals[1].model", "ballots[1].options[1]"}


def test_a_link_to_a_file_elsewhere_is_not_followed(tmp_path):
    folder = write_small_programme(tmp_path / "programme")
    (folder / "bench.glb").rename(tmp_path / "bench.glb")
    (folder / "bench.glb").symlink_to(tmp_path / "bench.glb")
    assert [problem.key for problem in problems_of(folder)] == ["proposals[0].model"]


def test_a_linked_folder_is_not_followed_either(tmp_path):
    document = small_document()
    document["proposals"][0]["model"] = "models/bench.glb"
    folder = write_small_programme(tmp_path / "programme", document)
    (tmp_path / "elsewhere").mkdir()
    (folder / "bench.glb").rename(tmp_path / "elsewhere" / "bench.glb")
    (folder / "models").symlink_to(tmp_path / "elsewhere")
    assert [problem.key for problem in problems_of(folder)] == ["proposals[0].model"]


def test_a_file_in_a_folder_below_is_found(tmp_path):
    document = small_document()
    document["proposals"][0]["model"] = "models/bench.glb"
    folder = write_small_programme(tmp_path / "programme", document)
    (folder / "models").mkdir()
    (folder / "bench.glb").rename(folder / "models" / "bench.glb")
    assert "models/bench.glb" in check_document(read_document(folder)).files


def test_a_programme_in_a_linked_folder_is_read(tmp_path):
    """Temporary folders of some systems are links themselves."""
    write_small_programme(tmp_path / "real")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert check_document(read_document(tmp_path / "link")).content.programme.slug == "small"


@pytest.mark.parametrize("names", [[], ["a.yaml", "b.yaml"], ["programme.yaml", "programme.yml"]])
def test_a_folder_must_hold_exactly_one_programme_file(tmp_path, names):
    for name in names:
        (tmp_path / name).write_text(HEAD, encoding="utf-8")
    with pytest.raises(ProgrammeFileError) as refused:
        read_document(tmp_path)
    assert "programme.yaml" in refused.value.problems[0].sentence("ja")


def test_the_file_itself_the_folder_and_another_name_all_do(tmp_path):
    write_small_programme(tmp_path)
    assert read_document(tmp_path).content == read_document(tmp_path / "programme.yaml").content
    (tmp_path / "programme.yaml").rename(tmp_path / "season.yml")
    assert read_document(tmp_path).path.name == "season.yml"
