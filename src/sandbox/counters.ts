/** What the tenant was asked for, for tests and benches to count. */
export interface Counters {
  /** HTTP requests to Graph. */
  requests: number;
  /** Items of batches. */
  items: number;
  /** Writes asked for, each item by itself, refused or not. */
  writes: number;
  /** Writes that took effect. */
  written: number;
  /** Answers with 429. */
  throttled: number;
  /** Faults drawn from the profile. */
  faults: number;
  /** Calls of the synchronization service, and the objects written by them, each object in each call. */
  syncCalls: number;
  syncObjects: number;
  /** Bytes of its messages, both ways. */
  syncBytesReceived: number;
  syncBytesSent: number;
  /** Tokens given out. */
  tokens: number;
}

export function newCounters(): Counters {
  return {
    requests: 0,
    items: 0,
    writes: 0,
    written: 0,
    throttled: 0,
    faults: 0,
    syncCalls: 0,
    syncObjects: 0,
    syncBytesReceived: 0,
    syncBytesSent: 0,
    tokens: 0,
  };
}
