"""What passes between a writer and its model for one episode: what comes back is usable, or the topic fails."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from studio.content.outline import json_of
from studio.content.prompting import Questions
from studio.content.returned import refusal_in
from studio.content.writing_takes import TOKENS_A_WORD, TOKENS_MORE, TOKENS_THOUGHT
from studio.domain.errors import InputError
from studio.domain.writing import Assignment, Completion, Prompt, Role
from studio.engine.authoring import Ask

_ANOTHER: Final = 1_000_003  # is added to the seed: the same question with another one is another question
_REPEATED: Final = 4_000  # characters of an answer that are shown to the model again


class Conversation:
    """Puts questions, and counts what they took.

    Args:
        assignment: What is written.
        questions: Those of the assignment.
        ask: Puts one to the model.
        host: Where the model is, for sentences to the user.
    """

    def __init__(self, assignment: Assignment, questions: Questions, ask: Ask, host: str) -> None:
        self._title = assignment.topic.title
        self._questions = questions
        self._ask = ask
        self._host = host
        self._thinks = False
        self.model = ""
        self.prompt_tokens = 0
        self.completion_tokens = 0

    async def prose(self, name: str, values: Mapping[str, object], words: int, *, seed: int = 0) -> Completion:
        """An answer of about so many words. Raises `InputError` where the model refuses, or says nothing twice."""
        completion = Completion("", "")
        for again in (0, _ANOTHER):
            completion = await self._put(self._questions.put(name, values, self._most(words), seed=seed + again))
            if completion.text:
                return completion
            self._learn(completion)
        thought = ": it was still thinking when it reached its bound" if completion.cut else ""
        raise InputError(
            f"The model at {self._host} gave no text for “{self._title}”{thought}.",
            "Try it again with another seed, or choose another model of the writer.",
        )

    async def document(
        self, name: str, values: Mapping[str, object], words: int, wanted: Collection[str]
    ) -> dict[str, Any] | None:
        """An answer that is a JSON object with any of the `wanted` names; asked for once more, and then None.

        Raises `InputError` where the model refuses.
        """
        completion = await self._put(self._questions.put(name, values, self._most(words), as_json=True))
        found = json_of(completion.text, wanted)
        if found is None:
            self._learn(completion)
            most = self._most(words)
            said = (Role.ASSISTANT, completion.text[:_REPEATED] or "(nothing)")
            after = (said, (Role.USER, self._questions.repair()))
            again = await self._put(self._questions.put(name, values, most, as_json=True, after=after))
            found = json_of(again.text, wanted)
        return found

    def _most(self, words: int) -> int:
        return TOKENS_A_WORD * words + TOKENS_MORE + (TOKENS_THOUGHT if self._thinks else 0)

    def _learn(self, completion: Completion) -> None:
        """One that reached its bound without a word thinks first: it gets more room from now on."""
        self._thinks = self._thinks or (completion.cut and not completion.text)

    async def _put(self, prompt: Prompt) -> Completion:
        completion = await self._ask(prompt)
        self.model = completion.model or self.model
        self.prompt_tokens += completion.prompt_tokens or 0
        self.completion_tokens += completion.completion_tokens or 0
        refusal = refusal_in(completion)
        if refusal:
            raise InputError(
                f"The model at {self._host} will not write about “{self._title}”: it says “{refusal.rstrip('.')}”.",
                "Reword the topic or its brief, or choose another model of the writer.",
            )
        return completion
