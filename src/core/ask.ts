// Asking a part a small question instead of reading a whole field: "does this task hold c0.d1?". Whoever records what a step reads (the
// explorer) then remembers the answer only, so that steps of other tasks that do not change it stay independent.

/** A part that records what is asked of it answers under this key. */
export const asked: unique symbol = Symbol('asked');

export type Asked = <Field, Answer extends string | number | boolean | null>(
  field: string,
  question: string,
  answer: (value: Field) => Answer,
) => Answer;

/** What `answer` makes of the field. Pure; equal questions of one field must mean equal answers. */
export const ask = <Part extends object, Field extends keyof Part & string, Answer extends string | number | boolean | null>(
  part: Part,
  field: Field,
  question: string,
  answer: (value: Part[Field]) => Answer,
): Answer => {
  const recorder = (part as { readonly [asked]?: Asked })[asked];
  return recorder ? recorder(field, question, answer) : answer(part[field]);
};
