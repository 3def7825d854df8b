"""Where a site or a statement stands, as a report says it.

May import `model`.
"""

from dataclasses import replace

from lockstep.model.execution import Kind, Source, StatementKind
from lockstep.model.report import Place


def place_of_site(source: Source, number: int) -> Place:
    """Return where a site stands."""
    site = source.sites[number]
    statement = source.statements[site.statement]
    is_statement = site.kind is Kind.BINDING or statement.kind is StatementKind.FUNCTION
    return replace(
        place_of_statement(source, site.statement),
        file=source.files[site.function],
        function=site.function,
        span=site.span,
        expression="" if is_statement else site.text,
    )


def place_of_statement(source: Source, number: int) -> Place:
    """Return where a statement stands."""
    statement = source.statements[number]
    return Place(
        source.files[statement.function],
        statement.function,
        statement.span,
        statement.span.line,
        statement.text,
    )
