const realSetTimeout = setTimeout;

/** Lets everything go on that waits for promises or for timers without delay, whether or not time is faked. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((go) => realSetTimeout(go, 0));
}
