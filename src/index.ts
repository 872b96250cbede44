// The public API, each name listed. Behaviour tests use these.
export { type Choose, type Question } from './core/choose.ts';
