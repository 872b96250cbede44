// `attachlab errno ERRNO --call CALL`, `attachlab errno --message TEXT`: every cause of an errno, and what a machine and a log say of it.
import { Failure } from '../../core/failure.ts';
import { errnoIn } from '../../explain/errnoTexts.ts';
import { callsGiving, explain } from '../../explain/explain.ts';
import { groupIn, type UserMessage, userMessageIn } from '../../explain/userMessages.ts';
import { messageText, printExplanation } from '../../report/errno.ts';
import { wrap } from '../../report/text.ts';
import { type CommandFile, type Io, printJson } from '../command.ts';
import { kernelNamed, profileFor, readInputs } from '../errnoInputs.ts';
import { errnoAt, type RecordedErrno } from '../errnoRecording.ts';

interface Options {
  readonly call?: string;
  readonly message?: string;
  readonly kernel?: string;
  readonly dmesg?: string;
  readonly topology?: string;
  readonly cmdline?: string;
  readonly group?: string;
  readonly recording?: string;
  readonly store?: string;
  readonly json?: boolean;
}

interface Asked {
  readonly errno: string;
  readonly call: string;
  readonly message: UserMessage | null;
}

const fromMessage = (text: string, errno: string | undefined): Asked | string => {
  const message = userMessageIn(text);
  if (!message) return 'no message of user space that is known is like this one; name the call with --call';
  if (message.call === null) return messageText(message);
  const found = errno ?? errnoIn(text) ?? message.errno;
  if (found === undefined) {
    return `${messageText(message)}\nThe message has no errno: see it with strace -f -e trace=ioctl,openat, and give it as an argument.`;
  }
  return { errno: found, call: message.call, message };
};

const question = (errno: string | undefined, { call, message, kernel }: Options): Asked | string => {
  if (message !== undefined) return fromMessage(message, errno);
  if (errno === undefined || call === undefined) {
    const calls =
      errno === undefined ? [] : callsGiving(kernelNamed(kernel ?? profileFor(undefined)), errno.replace(/^-/, '').toUpperCase());
    const example = 'e.g. attachlab errno EPERM --call VFIO_SET_IOMMU';
    const hint = calls.length === 0 ? example : `Calls that give it: ${calls.join(', ')}; ${example}`;
    throw new Failure('bad-usage', 'expected an errno with --call, or --message, found neither', undefined, hint);
  }
  return { errno, call, message: null };
};

const answer = (asked: Asked, options: Options, io: Io): void => {
  const group = options.group ?? (options.message === undefined || options.topology === undefined ? undefined : groupIn(options.message));
  const inputs = readInputs({ ...options, ...(group === undefined ? {} : { group }) });
  const kernel = kernelNamed(options.kernel ?? profileFor(inputs.topology?.kernel));
  const explanation = explain(asked, kernel, inputs);
  const { message } = asked;
  if (options.json) printJson(io, 'errno', 1, { ...explanation, message });
  else if (explanation.causes.length === 0)
    io.out(`${wrap(`nothing that is known gives -${explanation.errno} at ${explanation.call} in ${kernel.title}`)}\n`);
  else io.out(`${message ? `${messageText(message)}\n\n` : ''}${printExplanation(explanation)}\n`);
  if (explanation.causes.length === 0) io.exit(1);
};

/** What a recording shows of the call stands where nothing else says it. */
const withRecording = async (io: Io, options: Options): Promise<{ options: Options; recorded: RecordedErrno | null }> => {
  if (options.recording === undefined) return { options, recorded: null };
  const recorded = await errnoAt(io, options.recording, options.store);
  const group = recorded.group === null ? {} : { group: recorded.group };
  const kernel = recorded.kernel === null ? {} : { kernel: recorded.kernel };
  return { options: { call: recorded.call, ...kernel, ...(options.topology === undefined ? {} : group), ...options }, recorded };
};

export const command: CommandFile = {
  configure: (command, io) =>
    command
      .argument('[errno]', 'e.g. EINVAL')
      .option('--call <name>', 'call that gave it, e.g. VFIO_GROUP_SET_CONTAINER, open_group')
      .option('--message <text>', 'instead: the message of QEMU, libvirt, DPDK, SPDK or a Rust VMM')
      .option('--kernel <name>', 'kernel: 6.1.y or 6.12.y; default: that of the machine')
      .option('--topology <file>', 'snapshot of the machine, or a folder with topology.txt')
      .option('--dmesg <file>', 'kernel log')
      .option('--cmdline <file>', 'kernel command line')
      .option('--group <number>', 'only this group of the machine')
      .option('--recording <place>', 'RUN@EVENT or RECORDING@LINE: the call that failed there')
      .option('--store <file>', 'store of runs')
      .option('--json', 'as JSON')
      .action(async (errno: string | undefined, given: Options) => {
        const { options, recorded } = await withRecording(io, given);
        const asked = question(errno ?? recorded?.errno, options);
        if (recorded?.refusal && !options.json) io.out(`${wrap(`recorded: ${recorded.refusal}`, '  ')}\n\n`);
        if (typeof asked !== 'string') return answer(asked, options, io);
        if (options.json) printJson(io, 'errno', 1, { causes: [], reason: asked });
        else
          io.out(
            `${asked
              .split('\n')
              .map((line) => wrap(line))
              .join('\n')}\n`,
          );
        io.exit(1);
      }),
};
