"""The cross-check for people: a table of totals, the sum behind each tool's count, a table of layers."""

from resviz.nn.crosscheck import TOOLS, CrossCheck, ToolCheck, account
from resviz.report.counting import CONVENTIONS
from resviz.report.formatting import exact, plural, shape
from resviz.report.tables import Column, Table, words

EQUAL, UNEQUAL = "=", "≠"
"""The marks."""

TOTALS = (
    words("Tool"),
    words("Quantity"),
    Column("Expected", exact),
    Column("Found", exact),
    words("Equal"),
)


def totals_table(check: CrossCheck) -> Table:
    """Return one row for each tool and quantity of the whole network."""
    return Table(TOTALS, tuple(_total(each) for each in check.totals))


def sums(check: CrossCheck) -> tuple[tuple[str, str], ...]:
    """Return how each tool's count adds up from the MACs: its unit, and the sum."""
    conventions = [TOOLS[name].convention for name in TOOLS if name not in check.refused]
    return tuple((_unit(each), account(check.network, each)) for each in conventions if each)


def layers_table(check: CrossCheck) -> Table:
    """Return one row for each layer: the tree's numbers, and each tool's own count with its mark.

    A tool's cell holds its operations, or parameters where it counts none; an unequal one states what differs.
    """
    asked = [name for name in TOOLS if name not in check.refused]
    columns = (
        words("Layer"),
        Column("Output", shape),
        Column("Parameters", exact),
        Column("MACs", exact),
        *(Column(_unit(TOOLS[name].convention) if TOOLS[name].convention else "Module's parameters") for name in asked),
    )
    found: dict[str, dict[str, list[ToolCheck]]] = {}
    for each in check.checks:
        found.setdefault(each.path, {}).setdefault(each.tool, []).append(each)
    return Table(
        columns,
        tuple(
            (path, layer.out_shape, layer.params, layer.macs, *(_cell(found[path].get(name, [])) for name in asked))
            for path, layer in check.network.walk()
        ),
    )


def verdict(check: CrossCheck) -> str:
    """Return the outcome in a sentence or two, and why a tool was not asked."""
    said = [f"{len(TOOLS) - len(check.refused)} of {len(TOOLS)} tools were asked." if check.refused else ""]
    count = exact(len(check.checks))
    if check.equal:
        said.append(f"All {count} numbers agree exactly.")
    else:
        said.append(f"{plural(len(check.unequal), 'number')} of {count} differ.")
    return " ".join([*filter(None, said), *check.refused.values()])


def _total(each: ToolCheck) -> tuple[object, ...]:
    convention = TOOLS[each.tool].convention
    quantity = _unit(convention) if each.quantity == "operations" else each.quantity
    mark = EQUAL if each.equal else UNEQUAL
    return (TOOLS[each.tool].label, quantity, each.expected, each.found, mark)


def _unit(convention: str | None) -> str:
    return CONVENTIONS[convention].unit if convention else "parameters"


def _cell(checks: list[ToolCheck]) -> str | None:
    wrong = [f"{each.quantity} {_text(each.found)}, not {_text(each.expected)}" for each in checks if not each.equal]
    if wrong:
        return f"{UNEQUAL} {'; '.join(wrong)}"
    texts = {each.quantity: _text(each.found) for each in checks}
    return f"{EQUAL} {texts.get('operations', texts.get('parameters'))}" if checks else None


def _text(value: object) -> str:
    match value:
        case int():
            return exact(value)
        case tuple():
            return shape(value)
        case _:
            return "nothing"
