// `attachlab lint-kernel TREE`: what every attach operation of a kernel's sources can return, against the errno contract.
import { Failure } from '../../core/failure.ts';
import { isFailure, type LintReport } from '../../core/lintReport.ts';
import { chooseContract } from '../../lint/contracts/choose.ts';
import { readTree } from '../../lint/read/readTree.ts';
import { rules } from '../../lint/registry.ts';
import { lintJson } from '../../report/lintJson.ts';
import { printLintKtap } from '../../report/lintKtap.ts';
import { printRule, printRules } from '../../report/lintRule.ts';
import { printLintSarif } from '../../report/lintSarif.ts';
import { printLint } from '../../report/lintText.ts';
import { type CommandFile, type Io, printJson } from '../command.ts';
import { keepBaseline, type LintOptions, ofDriver, readingOf, reportOf } from '../lintTree.ts';

interface Options extends LintOptions {
  readonly writeBaseline?: string;
  readonly format?: string;
  readonly json?: boolean;
  readonly all?: boolean;
  readonly rules?: boolean;
  readonly explain?: string;
}

const printers: { readonly [format: string]: (io: Io, report: LintReport, options: Options) => void } = {
  text: (io, report, { all }) => io.out(`${printLint(report, { all: all ?? false })}\n`),
  json: (io, report) => printJson(io, 'lint-kernel', 1, lintJson(report)),
  sarif: (io, report) => io.out(`${printLintSarif(report)}\n`),
  ktap: (io, report) => io.out(`${printLintKtap(report)}\n`),
};

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

/** Without a tree the rule's clause is that of the contract which 6.12 states. */
const explain = (io: Io, tree: string | undefined, id: string, { contract }: Options): void => {
  const rule = rules.find((one) => one.id === id);
  if (rule === undefined) throw new Failure('unknown-name', `expected a rule (${rules.map((one) => one.id).join(', ')}), found ${id}`);
  const source = tree === undefined ? { name: 'no tree', files: [], read: () => null, unread: () => [] } : readTree(tree);
  io.out(`${printRule(rule, chooseContract(source, contract).contract)}\n`);
};

const audit = async (io: Io, spec: string, options: Options): Promise<void> => {
  const print = printerOf(options);
  const tree = readTree(spec);
  const report = reportOf(io, tree, ofDriver(await readingOf(tree), options.driver), options);
  if (options.writeBaseline !== undefined) keepBaseline(report, options.writeBaseline);
  print(io, report, options);
  if (report.findings.some(isFailure) && options.writeBaseline === undefined) io.exit(1);
};

export const command: CommandFile = {
  configure: (command, io) =>
    command
      .argument('[tree]', "a kernel's folder, its drivers/iommu, or REPOSITORY@REVISION")
      .option('--driver <name>', 'only this driver')
      .option('--contract <name>', 'instead of what the tree itself says: einval-exclusive, ...')
      .option('--baseline <file>', 'only findings that it does not have fail')
      .option('--write-baseline <file>', 'keep all findings of now')
      .option('--format <name>', 'text, json, sarif or ktap')
      .option('--all', 'costs, maybes and what the baseline knows too')
      .option('--rules', 'list the rules')
      .option('--explain <rule>', 'the page of a rule')
      .option('--json', 'as JSON')
      .action(async (tree: string | undefined, options: Options) => {
        if (options.rules) io.out(`${printRules(rules)}\n`);
        else if (options.explain !== undefined) explain(io, tree, options.explain, options);
        else await audit(io, needTree(tree), options);
      }),
};
