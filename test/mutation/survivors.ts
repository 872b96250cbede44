// Mutants that nothing notices, each with the reason why nothing can. The name is that of the mutant, without its kernel.
export const survivors: Readonly<Record<string, string>> = {};
