"""Does a writer's address, model and key work? Asked there and then, for nothing where that is possible."""

from collections.abc import Sequence
from typing import Final

from studio.content.chat import ChatModel
from studio.content.chat_endpoint import Endpoint
from studio.content.chat_errors import AnswerError
from studio.domain.purchase import CallError, Trouble
from studio.domain.writing import Prompt, Role, WriterAnswer

_NAMED: Final = 8  # models that a sentence lists
_LOOK: Final = "Look at the address and its port; where the server speaks TLS, begin the address with https://."
_WORD: Final = ((Role.USER, "Say yes."),)


async def tested(endpoint: Endpoint, model: str, *, say_a_word: bool) -> WriterAnswer:
    """What the server says: which models it has, and with `say_a_word` whether this one answers, which costs a token.

    `model` is empty for the first one there. Raises `CallError` with the reason where it does not work.
    """
    models = await _models(endpoint, say_a_word=say_a_word)
    if models is not None and model and not any(_is(model, name) for name in models):
        raise _unknown(endpoint.address.host, model, models)
    chosen = model or await endpoint.first_model()
    if not say_a_word:
        return WriterAnswer(chosen, models)
    prompt = Prompt(chosen, _WORD, most_tokens=1, temperature=0.0, seed=0)
    try:
        said = await ChatModel(endpoint, None).answer(prompt, lambda _: None)
    except AnswerError as error:
        if error.status == 404 and error.code != "model_not_found" and models is None:
            raise _nowhere(endpoint, "neither a list of models nor a chat") from None
        raise
    tokens = (said.prompt_tokens or 0) + (said.completion_tokens or 0)
    return WriterAnswer(chosen, models, spoke=True, tokens=tokens)


async def _models(endpoint: Endpoint, *, say_a_word: bool) -> Sequence[str] | None:
    """The models by name; None where the server keeps no list, and is to show by a word that it is one."""
    try:
        return await endpoint.models()
    except AnswerError as error:
        if error.status not in {404, 405, 501}:
            raise
    except CallError as error:
        if error.trouble is not Trouble.CUT:
            raise
        raise CallError(error.trouble, error.message, _LOOK) from None  # nobody tries again by himself
    if not say_a_word:
        raise _nowhere(endpoint, "no list of models")
    return None


def _is(model: str, name: str) -> bool:
    """Whether a server means this model by a name: some leave out `:latest`, or have `models/` before it."""
    return model.casefold() in {
        form.casefold() for form in (name, name.removesuffix(":latest"), name.removeprefix("models/"))
    }


def _unknown(host: str, model: str, models: Sequence[str]) -> CallError:
    near = sorted(models, key=lambda name: (model.casefold() not in name.casefold(), name.casefold()))
    more = f" and {len(models) - _NAMED} more" if len(models) > _NAMED else ""
    offers = f"It has {', '.join(near[:_NAMED])}{more}." if models else "It has none at all."
    return CallError(
        Trouble.REFUSED,
        f"The server at {host} has no model “{model}”.",
        f"{offers} Choose one of them in the settings." if models else f"{offers} Load one there first.",
    )


def _nowhere(endpoint: Endpoint, what: str) -> CallError:
    return CallError(
        Trouble.REFUSED,
        f"There is {what} at {endpoint.address.url}.",
        "Look at the writer's address: it ends with the version, such as /v1. If it is right, have it say a word.",
    )
