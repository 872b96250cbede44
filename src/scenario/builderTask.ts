// The script of a task, one method for each verb, in the shape that a file has.
import type { Verb } from '../core/scenario.ts';
import type { RequestFile, RequestValue } from './requestSchema.ts';
import type { Detail } from './verbs.ts';

type Target = string | number;
type Extras = Pick<Detail, 'container' | 'with'>;
type AttachExtras = Extras & Pick<Detail, 'page-table'>;
type Range = Extras & Pick<Detail, 'iova' | 'size'>;

/** What a request is about: a group's number or a device's address, or a mapping as in a file. */
type About<E> = Target | ({ readonly group: Target } & E) | ({ readonly device: string } & E);

export interface TaskBuilder {
  readonly attach: (about: About<AttachExtras>) => TaskBuilder;
  readonly detach: (about: About<Extras>) => TaskBuilder;
  readonly replace: (about: About<AttachExtras>) => TaskBuilder;
  readonly map: (sizeOrRange: string | number | Range) => TaskBuilder;
  readonly unmap: (iovaOrRange?: string | number | Range) => TaskBuilder;
  readonly close: (extras?: Extras) => TaskBuilder;
  readonly kill: (task: string) => TaskBuilder;
  readonly unplug: (device: string) => TaskBuilder;
  readonly bindDriver: (about: About<Pick<Detail, 'with'>>) => TaskBuilder;
  readonly unbindDriver: (about: About<Pick<Detail, 'with'>>) => TaskBuilder;
  readonly setContainer: (about: About<Extras>) => TaskBuilder;
  readonly setIommu: (extras?: Extras) => TaskBuilder;
  readonly unsetContainer: (about: About<Extras>) => TaskBuilder;
  readonly bind: (about: About<Extras>) => TaskBuilder;
  readonly unbind: (about: About<Extras>) => TaskBuilder;
  readonly makePageTable: (
    table: Extras & { readonly name: string; readonly device: string; readonly parent?: string; readonly nested?: boolean },
  ) => TaskBuilder;
  readonly destroyPageTable: (nameOrTable: string | (Extras & { readonly name: string })) => TaskBuilder;
}

/** Writes each request to `script` as it is asked for. */
export const openTaskBuilder = (script: RequestFile[]): TaskBuilder => {
  const asking =
    (verb: Verb) =>
    (value?: RequestValue): TaskBuilder => {
      script.push(value === undefined ? verb : { [verb]: value });
      return builder;
    };
  const builder: TaskBuilder = {
    attach: asking('attach'),
    detach: asking('detach'),
    replace: asking('replace'),
    map: asking('map'),
    unmap: asking('unmap'),
    close: asking('close'),
    kill: asking('kill'),
    unplug: asking('unplug'),
    bindDriver: asking('bind-driver'),
    unbindDriver: asking('unbind-driver'),
    setContainer: asking('set-container'),
    setIommu: asking('set-iommu'),
    unsetContainer: asking('unset-container'),
    bind: asking('bind'),
    unbind: asking('unbind'),
    makePageTable: asking('make-page-table'),
    destroyPageTable: asking('destroy-page-table'),
  };
  return builder;
};
