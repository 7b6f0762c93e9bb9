const rightToLeft = /^\P{L}*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Nko}\p{Script=Syriac}\p{Script=Thaana}]/u

/** As its first letter has it. `dir="auto"` finds nothing where all that is within has a direction of its own: lists, tables, quotations. */
export const directionOf = (text: string): 'rtl' | 'ltr' => (rightToLeft.test(text) ? 'rtl' : 'ltr')
