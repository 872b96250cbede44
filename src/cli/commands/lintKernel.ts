// `attachlab lint-kernel TREE`: what every attach operation of a kernel's sources can return, against the errno contract.
import { counted } from '../../core/counted.ts';
import { Failure } from '../../core/failure.ts';
import { isFailure, type LintReport } from '../../core/lintReport.ts';
import { chooseContract } from '../../lint/contracts/choose.ts';
import { readTree } from '../../lint/read/readTree.ts';
import { rules } from '../../lint/registry.ts';
import { ruleNamed } from '../../lint/ruleNamed.ts';
import { lintJson } from '../../report/lintJson.ts';
import { printLintKtap } from '../../report/lintKtap.ts';
import { printRule, printRules } from '../../report/lintRule.ts';
import { printLintSarif } from '../../report/lintSarif.ts';
import { printSites } from '../../report/lintSites.ts';
import { printLint } from '../../report/lintText.ts';
import { type CommandFile, type Io, printJson } from '../command.ts';
import { assertion } from '../lint/assertions.ts';
import { checkTree } from '../lint/checkModel.ts';
import { difference } from '../lint/difference.ts';
import { checkOptions, flag, type Question } from '../lint/options.ts';
import { patches } from '../lint/patches.ts';
import { range } from '../lint/range.ts';
import { type ReadTree, treeReader } from '../lint/read.ts';
import { keepBaseline, type LintOptions, ofDriver, reportOf } from '../lint/report.ts';

interface Options extends LintOptions {
  readonly writeBaseline?: string;
  readonly format?: string;
  readonly json?: boolean;
  readonly all?: boolean;
  readonly sites?: boolean;
  readonly rules?: boolean;
  readonly explain?: string;
  readonly diff?: string;
  readonly patch?: string;
  readonly range?: string;
  readonly assert?: string;
  readonly bisect?: boolean;
  readonly checkModel?: boolean;
  /** With `--check-model`. */
  readonly kernel?: string;
  readonly write?: string;
  /** `--no-cache` */
  readonly cache: boolean;
}

const printers: { readonly [format: string]: (io: Io, report: LintReport, options: Options) => void } = {
  text: (io, report, { all, sites }) => io.out(`${sites ? printSites(report.reading) : printLint(report, { all: all ?? false })}\n`),
  json: (io, report) => printJson(io, 'lint-kernel', 1, lintJson(report)),
  sarif: (io, report) => io.out(`${printLintSarif(report)}\n`),
  ktap: (io, report, { all = false }) => io.out(`${printLintKtap(report, { all })}\n`),
};

type Printer = (typeof printers)[string];

const printerOf = ({ format, json }: Options) => {
  const name = json ? 'json' : (format ?? 'text');
  const printer = printers[name];
  if (printer === undefined) throw new Failure('bad-usage', `expected a format (${Object.keys(printers).join(', ')}), found ${name}`);
  return printer;
};

const needTree = (tree: string | undefined): string => {
  if (tree !== undefined) return tree;
  throw new Failure('bad-usage', 'expected a kernel tree, found none', undefined, 'attachlab lint-kernel ~/linux, or REPOSITORY@REVISION');
};

const listRules = (io: Io, { json }: Options): void =>
  json ? printJson(io, 'lint-kernel-rules', 1, { rules }) : io.out(`${printRules(rules)}\n`);

/** Without a tree the rule's clause is that of the contract which 6.12 states. */
const explain = (io: Io, tree: string | undefined, id: string, { contract: asked, json }: Options): void => {
  const rule = ruleNamed(id);
  const source = tree === undefined ? { name: 'no tree', files: [], read: () => null, unread: () => [] } : readTree(tree);
  const { contract } = chooseContract(source, asked);
  if (json) printJson(io, 'lint-kernel-rule', 1, { rule, contract });
  else io.out(`${printRule(rule, contract)}\n`);
};

/** Text says what was kept; a form for programs is printed as ever. */
const keep = (io: Io, print: Printer, report: LintReport, options: Options): void => {
  keepBaseline(report, options.writeBaseline!);
  if (print === printers['text']) io.out(`${options.writeBaseline}: ${counted(report.findings.length, 'finding')} kept\n`);
  else print(io, report, options);
};

const judge = (io: Io, print: Printer, report: LintReport, options: Options): void => {
  print(io, report, options);
  if (report.findings.some(isFailure)) io.exit(1);
};

const audit = (io: Io, read: ReadTree, spec: string, options: Options): void => {
  const print = printerOf(options);
  const tree = readTree(spec);
  const report = reportOf(io, tree, ofDriver(read(tree), options.driver), options);
  if (options.writeBaseline === undefined) judge(io, print, report, options);
  else keep(io, print, report, options);
};

/** What is asked of the tree; without any of them, its audit. */
const questions: {
  readonly [name in Exclude<Question, 'audit'>]: (io: Io, read: ReadTree, spec: string, options: never) => void | Promise<void>;
} = {
  diff: difference,
  patch: patches,
  range,
  assert: assertion,
  checkModel: checkTree,
};

const ask = async (io: Io, spec: string, options: Options): Promise<void> => {
  const asked = (Object.keys(questions) as (keyof typeof questions)[]).filter((name) => options[name] !== undefined);
  if (asked.length > 1) throw new Failure('bad-usage', `expected one question, found ${asked.map(flag).join(' and ')}`);
  const [question] = asked;
  printerOf(options);
  checkOptions(question ?? 'audit', { ...options });
  if (io.inThread) return io.exit(await io.inThread());
  const read = await treeReader(io, options.cache);
  if (question === undefined) audit(io, read, spec, options);
  else await questions[question](io, read, spec, { ...options, json: options.json || options.format === 'json' } as never);
};

export const command: CommandFile = {
  configure: (command, io) =>
    command
      .argument('[tree]', "a kernel's folder, its drivers/iommu, or REPOSITORY@REVISION")
      .option('--driver <name>', 'only this driver')
      .option('--contract <name>', 'instead of what the tree itself says: einval-exclusive, ...')
      .option('--diff <tree>', 'from this tree to another, driver by driver')
      .option('--patch <series>', 'what each patch of an mbox, a folder of patches or standard input (-) changes')
      .option('--range <A..B>', 'which commits brought and removed findings; the tree is a repository')
      .option('--assert <claim>', "e.g. 'arm-smmu-v3 attach_dev: smmu_domain->smmu != smmu returns EINVAL'")
      .option('--bisect', 'with --assert: exit 125 where it cannot be said, as `git bisect run` wants it')
      .option('--check-model', "whether what the model's rows rest on is still there, row by row")
      .option('--kernel <name>', 'with --check-model: the kernel of the model to compare with; default: the nearest')
      .option('--write <file>', 'with --check-model: keep what is not the same, for --checked of run, matrix, explore and conform')
      .option('--baseline <file>', 'only findings that it does not have fail')
      .option('--write-baseline <file>', 'keep all findings of now')
      .option('--format <name>', 'text, json, sarif or ktap')
      .option('--all', 'costs, maybes and what the baseline knows too')
      .option('--sites', 'instead of findings every return value, with its condition, and every allocation')
      .option('--rules', 'list the rules')
      .option('--explain <rule>', 'the page of a rule')
      .option('--no-cache', 'read everything anew')
      .option('--json', 'as JSON')
      .action(async (tree: string | undefined, options: Options) => {
        if (options.rules) listRules(io, options);
        else if (options.explain !== undefined) explain(io, tree, options.explain, options);
        else await ask(io, needTree(tree), options);
      }),
};
