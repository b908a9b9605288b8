"""A party with a line, for the tests of the line: it numbers the messages it takes and answers each number once."""

from __future__ import annotations

import json
import sys

from kokunen.counterparts.framework.line import LineAnswer, LineRequest, LineServer
from kokunen.counterparts.framework.pki import Credentials
from kokunen.counterparts.framework.process import Counterpart, run


class EchoParty(Counterpart):
    name = "echo"
    label = "試験用の相手方"
    schema = ("CREATE TABLE message (number TEXT PRIMARY KEY, place INTEGER NOT NULL)",)

    def start(self, port: int) -> None:
        folder = self.data / "certificates"
        credentials = Credentials(folder / "echo.pem", folder / "echo.key.pem", folder / "authority.pem")
        self.line = LineServer(
            self.answer, port=port, credentials=credentials, clients=frozenset({"city"}), troubles=self.troubles
        )
        self.line.start()

    def stop(self) -> None:
        self.line.stop()

    def answer(self, request: LineRequest) -> LineAnswer:
        with self.store.transaction() as connection:
            found = self.store.row("SELECT place FROM message WHERE number = ?", (request.number,))
            place = found["place"] if found else self.store.next_number("message")
            connection.execute("INSERT OR IGNORE INTO message VALUES (?, ?)", (request.number, place))
        self.troubles.pass_point("noted")
        content = {"client": request.client, "place": place, "body": request.body.decode()}
        return LineAnswer(200, json.dumps(content).encode())

    def counts(self) -> dict[str, int]:
        return {"messages": len(self.store.rows("SELECT 1 FROM message"))}


if __name__ == "__main__":
    sys.exit(run(EchoParty))
