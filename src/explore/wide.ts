// Typed arrays that grow as they are filled: by copies at least twice as long.

/** The list itself where it is long enough, else a longer copy. */
export const wide = <List extends Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer> | Float64Array<ArrayBuffer>>(
  list: List,
  length: number,
): List => {
  if (length <= list.length) return list;
  const wider = new (list.constructor as new (length: number) => List)(Math.max(length, list.length * 2));
  wider.set(list);
  return wider;
};
