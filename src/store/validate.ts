// Events that come from outside are checked once, here; our own rows are not checked again on each read.
import { eventShapes, type FieldKind } from '../core/eventShapes.ts';
import type { Event, EventType } from '../core/events.ts';
import { Failure, nearest } from '../core/failure.ts';

const isMap = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

const fits: Record<FieldKind, (value: unknown) => boolean> = {
  text: (value) => typeof value === 'string',
  'text?': (value) => value === null || typeof value === 'string',
  number: (value) => typeof value === 'number',
  'number?': (value) => value === null || typeof value === 'number',
  flag: (value) => typeof value === 'boolean',
  texts: (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
  list: Array.isArray,
  map: isMap,
  'map?': (value) => value === null || isMap(value),
  any: (value) => value !== undefined,
  'optional map': (value) => value === undefined || isMap(value),
  'optional text': (value) => value === undefined || typeof value === 'string',
};

const known = Object.keys(eventShapes);

const shapeOf = (type: unknown): Record<string, FieldKind> => {
  if (typeof type === 'string' && Object.hasOwn(eventShapes, type)) return eventShapes[type as EventType];
  const near = typeof type === 'string' ? nearest(type, known) : undefined;
  throw new Failure('bad-event', `expected an event type, found ${JSON.stringify(type)}${near ? `; did you mean ${near}?` : ''}`);
};

/** The event, or a failure that names the field that does not fit. Fields that the vocabulary lacks are refused too. */
export const validateEvent = (value: unknown): Event => {
  if (!isMap(value)) throw new Failure('bad-event', `expected an event, found ${JSON.stringify(value)?.slice(0, 40)}`);
  const event = value as Record<string, unknown>;
  const shape = shapeOf(event['type']);
  for (const [field, kind] of Object.entries(shape)) {
    if (!fits[kind](event[field]))
      throw new Failure('bad-event', `${event['type']}: expected ${field} to be ${kind}, found ${JSON.stringify(event[field])}`);
  }
  const extra = Object.keys(event).find((field) => field !== 'type' && !(field in shape));
  if (extra !== undefined) throw new Failure('bad-event', `${event['type']} has no field ${extra}`);
  return event as unknown as Event;
};
