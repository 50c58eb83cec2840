# frozen_string_literal: true

# What the story shares: a step prints whether it came true, the last line says that the program ran to its end.

KEY, DOMAIN, UNIXNAME, RESELLER = %w[KEY DOMAIN UNIXNAME RESELLER].map { |name| ENV.fetch("IWAPI_#{name}") }
NICKNAME = 'Müller & <Söhne>'
PASSWORD = 'Ünï-☃ horse 8'

def step(name)
  yield
  puts "ok #{name}"
rescue StandardError => e
  puts "wrong #{name}: #{e.full_message(highlight: false).gsub(/\s*\n\s*/, ' | ')}"
end

def same(expected, got)
  raise "#{expected.inspect} is not #{got.inspect}" unless expected.eql?(got)
end
