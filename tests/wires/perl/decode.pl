# What RPC::XML makes of answers: ["base64", ...] in, out for each its value with every type named.
use strict;
use warnings;
use JSON::PP;
use MIME::Base64;
use RPC::XML;
use RPC::XML::ParserFactory;

$RPC::XML::ENCODING = 'utf-8';

sub named {
    my ($value) = @_;
    my ($type) = ref($value) =~ /(\w+)$/;
    if ($type eq 'array') {
        return [$type, [map { named($_) } @$value]];
    }
    if ($type eq 'struct' || $type eq 'fault') {
        return [$type, [map { [$_, named($value->{$_})] } sort keys %$value]];
    }
    my $text = $value->value;
    return [$type, $type eq 'double' || $type eq 'int' || $type eq 'boolean' ? $text + 0 : "$text"];
}

local $/;
my @answers;
for my $answer (@{ decode_json(<STDIN>) }) {
    my $response = RPC::XML::ParserFactory->new->parse(decode_base64($answer));
    push @answers, ref($response) ? named($response->value) : ['unreadable', $response];
}
print JSON::PP->new->utf8->encode(\@answers);
