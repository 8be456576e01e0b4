/** The tests of a group share its room, also where several groups run at a time. */
export const ONE_BY_ONE: { readonly concurrency: number } = { concurrency: 1 };
