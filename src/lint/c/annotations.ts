// The kernel's annotations, which a C grammar without a preprocessor does not know: words that say nothing of what a function returns.

const plain = [
  ...[
    'init',
    'initdata',
    'initconst',
    'exit',
    'exitdata',
    'iomem',
    'user',
    'kernel',
    'force',
    'percpu',
    'rcu',
    'must_check',
    'ref',
    'refdata',
  ],
  ...['maybe_unused', 'always_unused', 'used', 'unused', 'always_inline', 'cold', 'hot', 'packed', 'ro_after_init', 'read_mostly', 'weak'],
  ...[
    'pure',
    'attribute_const__',
    'randomize_layout',
    'visible',
    'deprecated',
    'private',
    'nocast',
    'safe',
    'noreturn',
    'malloc',
    'meminit',
  ],
  ...[
    'noclone',
    'init_or_module',
    'net_init',
    'net_exit',
    'latent_entropy',
    'no_randomize_layout',
    'bitwise',
    'devinit',
    'devexit',
    'cacheline_aligned',
  ],
].map((name) => `__${name}`);
const bare = [
  'VISIBLE_IF_KUNIT',
  '__noipa',
  'noinline',
  'noinstr',
  'notrace',
  'asmlinkage',
  'fallthrough',
  '____cacheline_aligned',
  '____cacheline_aligned_in_smp',
  '____cacheline_internodealigned_in_smp',
];
const called = [
  'free',
  'aligned',
  'counted_by',
  'counted_by_le',
  'counted_by_be',
  'printf',
  'scanf',
  'acquires',
  'releases',
  'must_hold',
  'cond_acquires',
];
const moreCalled = [
  'section',
  'alloc_size',
  'guarded_by',
  'no_sanitize',
  'retain',
  'attribute__',
  'assume_aligned',
  'realloc_size',
  'cleanup',
  'diagnose_as',
];

/** As texts of regular expressions: alone, and with something in brackets behind it. */
export const annotation = `\\b(?:${[...plain, ...bare].join('|')})\\b(?!\\s*\\()`;
export const annotationCall = `\\b__(?:${[...called, ...moreCalled].join('|')})\\s*(?=\\()`;
