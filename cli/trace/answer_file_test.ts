import { assertEquals } from "@std/assert";
import { makeFolder } from "../../tests/harness/files/folders.ts";
import { AnswerFile } from "./answer_file.ts";

Deno.test("AnswerFile keeps rows from one opening to the next", async () => {
  await using folder = await makeFolder();
  const url = new URL("deeper/answers.f32", folder.url);
  {
    using file = await AnswerFile.open(url, 2, 9);
    assertEquals([file.rows, file.read()], [0, new Float32Array()]);
    file.append(Float32Array.of(1, 2));
  }
  using file = await AnswerFile.open(url, 2, 9);
  file.append(Float32Array.of(3, 4));
  assertEquals(file.rows, 2);
  assertEquals(file.read(), Float32Array.of(1, 2, 3, 4));
});

Deno.test("AnswerFile forgets a row that was cut off", async () => {
  await using folder = await makeFolder();
  const url = new URL("answers.f32", folder.url);
  await Deno.writeFile(url, new Uint8Array(Float32Array.of(1, 2, 3).buffer).subarray(0, 11));
  using file = await AnswerFile.open(url, 2, 9);
  assertEquals(file.rows, 1);
  file.append(Float32Array.of(5, 6));
  assertEquals(file.read(), Float32Array.of(1, 2, 5, 6));
});

Deno.test("AnswerFile forgets rows that are too many", async () => {
  await using folder = await makeFolder();
  const url = new URL("answers.f32", folder.url);
  await Deno.writeFile(url, new Uint8Array(Float32Array.of(1, 2, 3).buffer));
  using file = await AnswerFile.open(url, 1, 2);
  assertEquals(file.read(), Float32Array.of(1, 2));
});
