/** What Korean writes behind a noun without a space: "in Seoul" is 서울에서. Longest first. */
const particles = [
  '에서부터', '으로부터', '에게서', '이라고', '으로서', '으로써', '이라도', '까지도', '에서는', '에서도', '으로는', '으로도', '에게는', '에게도', '한테서', '이랑은', '에서의',
  '에서', '에게', '께서', '한테', '으로', '부터', '까지', '보다', '처럼', '만큼', '마다', '조차', '마저', '밖에', '이나', '이랑', '하고', '라고', '라도', '로서', '로써', '에는', '에도', '에의', '과는', '와는', '과의', '와의', '만은', '만이',
  '은', '는', '이', '가', '을', '를', '에', '의', '도', '만', '로', '와', '과', '나', '랑', '께', '야', '아',
].toSorted((left, right) => right.length - left.length)

/**
 * A Korean word of a question without its particle: of two syllables at least, or of one before a particle of several. A noun that only
 * ends like one with a particle (바나나) loses a syllable, and is found by the others.
 */
export function withoutParticle(word: string): string {
  const particle = particles.find((ending) => word.endsWith(ending) && word.length > ending.length)
  if (particle === undefined) return word
  const noun = word.slice(0, -particle.length)
  return noun.length >= 2 || particle.length >= 2 ? noun : word
}
