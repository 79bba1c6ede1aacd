import type { DirectoryObject } from './object.ts';

/** What the directory does not let happen. Each service that writes it says so in its own language. */
export abstract class DirectoryRefusal extends Error {}

/** Another object holds a value that must be unique. */
export class ValueTaken extends DirectoryRefusal {
  readonly property: string;
  readonly other: DirectoryObject;

  constructor(property: string, other: DirectoryObject) {
    super(`${property} is taken by ${other.kind} ${other.id}`);
    this.property = property;
    this.other = other;
  }
}

/** The tenant holds as many objects as it may. */
export class ObjectQuotaReached extends DirectoryRefusal {
  readonly limit: number;

  constructor(limit: number) {
    super(`the tenant may hold ${limit} objects`);
    this.limit = limit;
  }
}
