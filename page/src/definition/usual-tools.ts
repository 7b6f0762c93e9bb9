/** Tools that every worker has, so that they are offered; an agent may have others of its worker. */
export const usualTools: readonly string[] = [
  'send_message', 'core_memory_append', 'core_memory_replace', 'conversation_search', 'conversation_search_date',
  'archival_memory_insert', 'archival_memory_search', 'page_out', 'search',
]
