import { assertEquals } from "@std/assert";
import { AnswerLog, LoggedAnswer } from "./answer_log.ts";

function entry(policy: string): LoggedAnswer[] {
  return [new LoggedAnswer(policy, [1, 0])];
}

Deno.test("AnswerLog remembers a request for a bounded time", () => {
  const log = new AnswerLog({ capacity: 10, ms: 100 });
  log.add("a", entry("p@1"), 1000);
  assertEquals(log.get("a", 1100)?.[0]?.policy, "p@1");
  assertEquals(log.get("a", 1101), undefined);
  assertEquals(log.get("b", 1000), undefined);
  log.add("b", entry("p@1"), 1101);
  assertEquals(log.size, 1, "what is too old is let go");
});

Deno.test("AnswerLog remembers so many requests and no more, the latest", () => {
  const log = new AnswerLog({ capacity: 3, ms: 1e9 });
  for (let id = 0; id < 10; id++) log.add(`${id}`, entry("p@1"), id);
  assertEquals(log.size, 3);
  assertEquals(["6", "7", "9"].map((id) => log.get(id, 10) !== undefined), [false, true, true]);
});

Deno.test("AnswerLog counts every input of a batch", () => {
  const log = new AnswerLog({ capacity: 5, ms: 1e9 });
  const batch = (count: number) => Array.from({ length: count }, () => entry("p@1")).flat();
  log.add("a", batch(3), 0);
  log.add("b", batch(2), 1);
  assertEquals(log.size, 2);
  log.add("c", batch(1), 2);
  assertEquals([log.get("a", 2), log.size], [undefined, 2]);
  log.add("b", batch(4), 3);
  assertEquals(log.size, 2);
  log.add("d", batch(6), 4);
  assertEquals(log.size, 0, "more than all that can be remembered");
});

Deno.test("AnswerLog takes the latest request of an id, as the latest", () => {
  const log = new AnswerLog({ capacity: 2, ms: 1e9 });
  log.add("a", entry("p@1"), 0);
  log.add("b", entry("p@1"), 1);
  log.add("a", entry("p@2"), 2);
  log.add("c", entry("p@1"), 3);
  assertEquals(log.get("a", 3)?.[0]?.policy, "p@2");
  assertEquals(log.get("b", 3), undefined);
});

Deno.test("AnswerLog without capacity remembers nothing", () => {
  const log = new AnswerLog({ capacity: 0, ms: 1e9 });
  log.add("a", entry("p@1"), 0);
  assertEquals(log.get("a", 0), undefined);
});
