/** What this process waits for before it asks for a lock, by file. */
const turns = new Map<string, Promise<unknown>>();

/**
 * Does something that nobody else does at the same time, in this process or another. The system frees
 * the lock of a process that dies.
 *
 * @param file The file that is locked; it is made, with its folder, if it does not exist.
 * @param task What to do.
 * @returns What the task gives.
 */
export async function withFileLock<T>(file: URL, task: () => Promise<T>): Promise<T> {
  // One at a time: whoever waits for the system's lock holds one of the few threads that write files.
  const result = (turns.get(file.href) ?? Promise.resolve()).then(() => lockAndDo(file, task));
  const turn = result.catch(() => {});
  turns.set(file.href, turn);
  try {
    return await result;
  } finally {
    if (turns.get(file.href) === turn) turns.delete(file.href);
  }
}

async function lockAndDo<T>(file: URL, task: () => Promise<T>): Promise<T> {
  await Deno.mkdir(new URL("./", file), { recursive: true });
  using opened = await Deno.open(file, { read: true, write: true, create: true });
  await opened.lock(true);
  return await task();
}
