/** Stands in a workflow for a payload that nobody can read: of another encoding, say, or JSON that is cut off. No request, answer or state looks like it. */
export const unreadable = 'a payload that can not be read'

export const isUnreadable = (value: unknown): boolean => value === unreadable
