// Who refers to a domain or page table: asked by name, since slots are reused only when nobody does.
import { ask } from './ask.ts';
import type { Container, Task } from './world.ts';

/** A register of some frame of the task holds the name. */
export const holdsName = (task: Task, name: string): boolean =>
  ask(task, 'stack', `holds ${name}`, (stack) => stack.some(({ registers }) => Object.values(registers).includes(name)));

/** The group records the domain, or the device's hardware is on it. */
export const isOn = <Part extends { domain: string | null }>(part: Part, domain: string): boolean =>
  ask(part, 'domain', `is ${domain}`, (found) => found === domain);

/** The container lists the page table or domain record. */
export const lists = (container: Container, record: string): boolean =>
  ask(container, 'records', `lists ${record}`, (records) => records.some(({ id }) => id === record));
