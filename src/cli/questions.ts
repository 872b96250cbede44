// What the bare command prints: six questions with their command, not an option list.

const rows: readonly (readonly [question: string, command: string])[] = [
  ['What does one failed allocation do to my host?', "attachlab try --topology FILE 'attach 5; map 64K; attach 11' --fail 20"],
  ['Is there any order or failure that breaks it?', 'attachlab explore SCENARIO'],
  ['What would the other callers and kernels do?', 'attachlab matrix SCENARIO   |   --explore'],
  ['Why this domain and no other? What is wrong here?', 'attachlab why RUN|RECORDING   |   attachlab audit RUN|RECORDING'],
  ['What did my kernel do, and does the model explain it?', 'attachlab attaches RECORDING   |   attachlab conform RECORDING'],
  ['What does this errno mean on this host?', 'attachlab errno EPERM --call VFIO_SET_IOMMU --topology SNAPSHOT'],
];

export const questions = (): string =>
  `attachlab: Linux IOMMU attach and detach, scripted, replayed, audited\n\n${rows
    .map(([question, command]) => `  ${question}\n    ${command}\n`)
    .join('')}\nEvery command: attachlab --help\n`;
