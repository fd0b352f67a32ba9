"""Groups of a table of medicines, to choose from."""

from collections.abc import Callable

from corpus import Document
from corpus.medicines.groups import group_medicines
from corpus.medicines.table import medicine_table


def test_a_class_is_one_group_in_the_singular_and_in_the_plural(
    small_document: Callable[..., Document],
) -> None:
    """Antibodies and an antibody are of one kind, as inhibitors and an inhibitor are."""
    page = small_document(
        "A page\n\nMedicines\n\n"
        "Trastuzumab (Herceptin) is a monoclonal antibody. It is given by vein.\n\n"
        "Pertuzumab (Perjeta) is one of the monoclonal antibodies. It is given by vein.\n"
    )
    groups = group_medicines(page, medicine_table(page))
    assert [each.kind for each in groups] == ["monoclonal antibody"] * 2
