// A copy of plain data that is made only where it is looked at: trying something out costs what it touches, not the whole world.

type Plain = Record<string, unknown>;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Lists are short and change in place: they are copied whole. */
const copied = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(copied);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copied(inner)]));
};

const layered = (value: unknown): unknown => (!isObject(value) || Array.isArray(value) ? copied(value) : copyOnWrite(value));

/** Reads as `base` does; what is set or deleted stays in the copy. */
export const copyOnWrite = <T extends object>(base: T): T => {
  const own: Plain = {};
  const gone = new Set<string>();
  const has = (key: string): boolean => key in own || (!gone.has(key) && key in base);
  return new Proxy<Plain>(own, {
    get: (_, key) => {
      if (typeof key === 'symbol' || !has(key)) return undefined;
      if (!(key in own)) own[key] = layered((base as Plain)[key]);
      return own[key];
    },
    set: (_, key, value) => {
      own[String(key)] = value;
      return true;
    },
    deleteProperty: (_, key) => {
      gone.add(String(key));
      return delete own[String(key)];
    },
    has: (_, key) => has(String(key)),
    ownKeys: () => [...new Set([...Object.keys(base).filter((key) => !gone.has(key)), ...Object.keys(own)])],
    getOwnPropertyDescriptor: (_, key) =>
      has(String(key)) ? { configurable: true, enumerable: true, writable: true, value: undefined } : undefined,
  }) as T;
};
