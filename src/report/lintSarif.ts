// An audit of kernel sources as SARIF 2.1.0: a rule rests on one clause, a witness is a code flow of one thread, fingerprints hold no lines.
import type { BaselineEntry, JudgedFinding, LintContract, LintReport, RuleFacts } from '../core/lintReport.ts';
import type { LintLevel, SourceLine, TreeReading } from '../core/returnSites.ts';
import { version } from '../core/version.ts';

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const root = 'KERNEL';
const fingerprintName = 'attachlab/v1';

/** What is not certain is for a person to look at: SARIF gives a level to failures only. */
const kinds: { readonly [level in LintLevel]: { readonly kind: string; readonly level: string } } = {
  error: { kind: 'fail', level: 'error' },
  stricter: { kind: 'fail', level: 'warning' },
  cost: { kind: 'fail', level: 'note' },
  maybe: { kind: 'review', level: 'none' },
};

const text = (words: string) => ({ text: words });

const ruleValue = ({ id, title, clause, page }: RuleFacts, contract: LintContract) => {
  const found = contract.clauses.find(({ meaning }) => meaning === clause);
  return {
    id,
    shortDescription: text(title),
    fullDescription: text(page.means),
    help: text(`How to mend it: ${page.mend} When to suppress it: ${page.suppress}`),
    properties: { clause: found ? `${found.errno}: ${found.text}` : `none in ${contract.name}` },
  };
};

const placed = ({ file, line }: SourceLine, source?: string) => ({
  artifactLocation: { uri: encodeURI(file), uriBaseId: root },
  region: { startLine: Math.max(1, line), ...(source === undefined ? {} : { snippet: text(source) }) },
});

const flow = ({ site }: JudgedFinding) => ({
  threadFlows: [
    {
      locations: site.witness.map((step) => ({
        location: {
          physicalLocation: placed(step, step.text),
          logicalLocations: [{ name: step.function, kind: 'function' }],
          message: text(`${step.function}(): ${step.text}`),
        },
      })),
    },
  ],
});

/** Of all results or of none: only with a baseline. */
const baselineOf = ({ state, suppressed }: JudgedFinding) => ({
  baselineState: state === 'new' ? 'new' : 'unchanged',
  suppressions:
    state === 'suppressed' && suppressed !== null
      ? [
          {
            kind: 'external',
            status: 'accepted',
            justification: `${suppressed.reason}${suppressed.until === null ? '' : ` (until ${suppressed.until})`}`,
          },
        ]
      : [],
});

const result = (finding: JudgedFinding, rules: readonly RuleFacts[], hasBaseline: boolean) => {
  const { rule, level, message, clause, fingerprint, site } = finding;
  const ruleIndex = rules.findIndex(({ id }) => id === rule);
  const { driver, op, table, entry, condition, errnos, class: meaning, confidence, reason, certainty, unresolved, domain, prints } = site;
  return {
    ruleId: rule,
    ...(ruleIndex < 0 ? {} : { ruleIndex }),
    ...kinds[level],
    message: text(`${message}. Contract: ${clause}`),
    locations: [{ physicalLocation: placed(site), logicalLocations: [{ name: site.function, kind: 'function' }] }],
    ...(site.witness.length === 0 ? {} : { codeFlows: [flow(finding)] }),
    partialFingerprints: { [fingerprintName]: fingerprint },
    ...(hasBaseline ? baselineOf(finding) : {}),
    properties: {
      lint: level,
      driver,
      op,
      table,
      entry,
      condition,
      errnos,
      class: meaning,
      confidence,
      reason,
      certainty,
      unresolved,
      domain,
      prints,
    },
  };
};

const absent = ({ fingerprint, rule, driver, op, function: name, condition, errnos }: BaselineEntry) => ({
  ruleId: rule,
  kind: 'pass',
  level: 'none',
  message: text(`Gone since the baseline: ${driver} ${op}: ${name}(): ${condition}`),
  partialFingerprints: { [fingerprintName]: fingerprint },
  baselineState: 'absent',
  suppressions: [],
  properties: { driver, op, condition, errnos },
});

const notifications = ({ damaged, unread }: TreeReading) => [
  ...damaged.map((found) => ({
    level: found.reached ? 'warning' : 'note',
    message: text(`${found.function}() could not be read whole`),
    locations: [{ physicalLocation: placed(found) }],
  })),
  ...unread.map(({ where, why }) => ({ level: 'warning', message: text(`${where} was not read: ${why}`) })),
];

export const lintSarif = ({ reading, contract, why, rules, findings, vanished }: LintReport) => ({
  $schema: schema,
  version: '2.1.0',
  runs: [
    {
      tool: { driver: { name: 'attachlab', semanticVersion: version, rules: rules.map((rule) => ruleValue(rule, contract)) } },
      originalUriBaseIds: { [root]: { description: text(`The root of the kernel sources: ${reading.tree}`) } },
      invocations: [{ executionSuccessful: true, toolExecutionNotifications: notifications(reading) }],
      columnKind: 'utf16CodeUnits',
      results: [...findings.map((finding) => result(finding, rules, vanished !== null)), ...(vanished ?? []).map(absent)],
      properties: { tree: reading.tree, contract: contract.name, source: contract.source, why },
    },
  ],
});

export const printLintSarif = (report: LintReport): string => JSON.stringify(lintSarif(report), null, 2);
