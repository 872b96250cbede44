// The model's version: part of every model hash, so that snapshots and runs of another version are recognised.

export const version = '0.1.0';
