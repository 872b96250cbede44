// The operations that type1's attach and map on 6.12 name, each as what it asks of the model's variables and sets in them.
import type { Translation } from './access.ts';
import { coreTranslations } from './coreOperations.ts';
import { type1Translations } from './type1Operations.ts';

export const translations: Readonly<Record<string, Translation>> = { ...coreTranslations, ...type1Translations };
