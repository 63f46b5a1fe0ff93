"""Reads a request for speech and refuses what the real service refuses, with its codes."""

import json

from tests.fakes.account import Account
from tests.fakes.catalogue import DEFAULT_FORMAT, DEFAULT_MODEL, DEFAULT_SETTINGS, MODELS, VOICES, Model
from tests.fakes.ledger import Body, Order
from tests.fakes.replies import RefusedError

_RANGES = {"stability": (0.0, 1.0), "similarity_boost": (0.0, 1.0), "style": (0.0, 1.0), "speed": (0.7, 1.2)}
_CONTEXT = ("previous_text", "next_text", "previous_request_ids", "next_request_ids")


def read_order(account: Account, voice_id: str, query: dict[str, str], raw: bytes) -> tuple[Order, Model]:
    """The order in a request's body and query. Raises `RefusedError`."""
    body = _decoded(raw)
    text = body.get("text")
    if not isinstance(text, str):
        raise RefusedError(422, "invalid_parameters", "Field required.", param="text")
    if not text.strip():
        raise RefusedError(400, "input_text_empty", "The text must not be empty.", param="text")
    if voice_id not in VOICES:
        message = f"A voice with the voice_id {voice_id} was not found."
        raise RefusedError(404, "voice_not_found", message, param="voice_id")
    model = _model(body.get("model_id") or DEFAULT_MODEL)
    if len(text) > model.limit:
        message = (
            f"This request's text has {len(text)} characters and exceeds the character limit of {model.limit} "
            f"characters for model '{model.model_id}'."
        )
        raise RefusedError(400, "max_character_limit_exceeded", message, param="text")
    _check_context(account, model, body)
    output_format = query.get("output_format", DEFAULT_FORMAT)
    account.check_format(output_format)
    seed = body.get("seed")
    if seed is not None and not (isinstance(seed, int) and 0 <= seed <= 0xFFFFFFFF):
        raise RefusedError(422, "invalid_parameters", "The seed must be between 0 and 4294967295.", param="seed")
    order = Order(
        text=text,
        voice_id=voice_id,
        model_id=model.model_id,
        settings=_settings(body.get("voice_settings") or {}),
        seed=seed,
        output_format=output_format,
        language_code=body.get("language_code"),
        dictionaries=_dictionaries(account, body.get("pronunciation_dictionary_locators") or []),
    )
    return order, model


def _decoded(raw: bytes) -> Body:
    try:
        body = json.loads(raw)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise RefusedError(422, "invalid_parameters", "The body is not a JSON object.")
    return body


def _model(model_id: str) -> Model:
    if model_id not in MODELS:
        message = f"A model with model ID {model_id} does not exist. You can query the available models at /v1/models."
        raise RefusedError(400, "model_not_found", message, param="model_id")
    return MODELS[model_id]


def _settings(given: Body) -> Body:
    settings = {**DEFAULT_SETTINGS, **{name: value for name, value in given.items() if value is not None}}
    for name, (least, most) in _RANGES.items():
        value = settings[name]
        if not isinstance(value, int | float) or not least <= value <= most:
            message = f"Invalid setting for {name}: {value}. It must be between {least} and {most}."
            raise RefusedError(400, "invalid_voice_settings", message, param="voice_settings")
    return settings


def _check_context(account: Account, model: Model, body: Body) -> None:
    for name in _CONTEXT:
        value = body.get(name)
        if not value:
            continue
        if not model.takes_context:
            message = f"Providing {name} is not yet supported with the '{model.model_id}' model."
            raise RefusedError(400, "unsupported_model", message, param=name)
        if name.endswith("_ids"):
            known = {charge.request_id for charge in account.ledger.charges}
            if len(value) > 3 or not set(value) <= known:
                message = f"{name} takes at most 3 identifiers of requests that were made before."
                raise RefusedError(400, "invalid_request_ids", message, param=name)


def _dictionaries(account: Account, locators: list[Body]) -> tuple[str, ...]:
    if len(locators) > 3:
        message = "A request takes at most 3 pronunciation dictionaries."
        raise RefusedError(400, "too_many_pronunciation_dictionaries", message)
    for locator in locators:
        identifier = locator.get("pronunciation_dictionary_id")
        if identifier not in account.dictionaries:
            message = f"Pronunciation dictionary {identifier} was not found."
            raise RefusedError(404, "pronunciation_dictionary_not_found", message)
    return tuple(f"{item['pronunciation_dictionary_id']}:{item.get('version_id')}" for item in locators)
