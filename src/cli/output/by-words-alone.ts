/** Above what was found where meaning was to be looked at, and could not be. */
export const byWordsAloneLines = (byWordsAlone: true | undefined): readonly string[] =>
  byWordsAlone === true ? ['By words alone: what finds by meaning did not answer.'] : []
