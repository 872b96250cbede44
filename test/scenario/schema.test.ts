// The JSON Schemas that are published: they describe every key, and agree with the loader on what is a scenario.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { jsonSchemas } from '../../src/scenario/schema.ts';
import { verbNames } from '../../src/scenario/verbs.ts';
import { accepts, type Schema, undescribed } from './jsonSchema.ts';
import { head, parsed, refusal, script } from './samples.ts';

const schemas = jsonSchemas() as Record<string, Schema>;

describe('the JSON Schemas', () => {
  it.each(['scenario', 'topology'])('describe every key of %s.json', (name) => {
    expect(undescribed(schemas[name])).toEqual([]);
    expect(schemas[name]).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' });
    expect(typeof schemas[name]!.title).toBe('string');
  });

  it('can tell a described key from one that is not', () => {
    expect(undescribed({ properties: { a: { description: 'A.' }, b: { properties: { c: {} } } } })).toEqual(['#/b', '#/properties/b/c']);
  });

  it('know every verb', () => {
    const text = JSON.stringify(schemas.scenario);
    expect(verbNames.filter((verb) => !text.includes(`"${verb}":`))).toEqual([]);
  });

  it('accept the shipped topologies', () => {
    const files = readdirSync('scenarios/topologies');
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) expect(accepts(schemas.topology!, parse(readFileSync(`scenarios/topologies/${file}`, 'utf8')))).toBe(true);
  });

  it.each([
    script,
    `${script}title: x\norder: [t0]\nfaults: [{request: 3, nth: 1}, {site: domain_attach_iommu, sticky: true}, {api: pm-runtime-resume, errno: EIO}]\n`,
    'tasks: [{id: t0, script: [close, {unmap: {iova: 16M, size: 4K}}, {set-iommu: null}, {attach: {group: 5, with: {badPointer: true}}}]}]\n',
    `${script}claims: [duplicate-domain, {always: domains(c0) <= 1}, {detector: group-split, with: {most: 2}}]\n`,
    `${script}set: {system: {allowUnsafeInterrupts: true}, iommu/dmar0: {domainIdsFree: {dmar0: 1}}}\nexpect: [{result: ok, findings: []}]\n`,
  ])('accept %j, as the loader does', (rest) => {
    expect(parsed(rest).name).toBe('demo');
    expect(accepts(schemas.scenario!, parse(head + rest))).toBe(true);
  });

  it.each([
    'scirpt: []\n',
    'script: [atach: 5]\n',
    'script: [attach]\n',
    'script: [{attach: 5, map: 4K}]\n',
    'script: [map: 64KB]\n',
    'script: [attach: {gruop: 5}]\n',
    `${script}faults: [{request: 0, nth: 1}]\n`,
    `${script}faults: [{nth: 1}]\n`,
    `${script}claims: [{allways: domains(c0) <= 1}]\n`,
    `${script}claims: [{always: x() == 1, sometimes: x() == 1}]\n`,
    `${script}set: {dmar0: {}}\n`,
    `${script}expect: [{domains: -1}]\n`,
    `${script}expect: [{result: enomem}]\n`,
  ])('refuse %j, as the loader does', (rest) => {
    expect(refusal(() => parsed(rest))).not.toBe('');
    expect(accepts(schemas.scenario!, parse(head + rest))).toBe(false);
  });

  it('ask nothing of a scenario that extends another', () => {
    expect(accepts(schemas.scenario!, { extends: 'a.yaml' })).toBe(true);
    expect(accepts(schemas.scenario!, { name: 'a' })).toBe(false);
  });
});
