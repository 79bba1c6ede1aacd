/** Works on several inputs at once and gives what comes of each as it comes. The first failure ends it, once those under way are through. */
export async function* inParallel<Input, Output>(
  inputs: Iterable<Input>,
  width: number,
  work: (input: Input) => Promise<Output>,
): AsyncGenerator<Output> {
  const running = new Map<number, Promise<{ readonly key: number; readonly output: Output }>>();
  let next = 0;
  const start = (input: Input): void => {
    const key = next++;
    running.set(
      key,
      work(input).then((output) => ({ key, output })),
    );
  };
  try {
    for (const input of inputs) {
      start(input);
      if (running.size < width) continue;
      const { key, output } = await Promise.race(running.values());
      running.delete(key);
      yield output;
    }
    while (running.size > 0) {
      const { key, output } = await Promise.race(running.values());
      running.delete(key);
      yield output;
    }
  } finally {
    await Promise.allSettled(running.values());
  }
}
