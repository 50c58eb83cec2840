#!/usr/bin/perl

# RPC::XML::Client: the story by iworx.route, and the same service by its typed names.

use v5.32;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use RPC::XML;
use RPC::XML::Client;
use Route;
use Story;

$RPC::XML::ENCODING = 'utf-8';

my $client = RPC::XML::Client->new(told('URL'));

sub call {
    my ($method, @params) = @_;
    my $answer = $client->send_request($method, @params);
    die "$answer\n" unless ref $answer;
    return $answer;
}

say "version $RPC::XML::Client::VERSION";
Route::tell(
    sub {
        my $answer = call('iworx.route', @_)->value;
        return @$answer{qw(status payload)};
    },
    sub {
        step 'typed', sub {
            my $pong = call('iwapi.ping', told('KEY'));
            my ($types, $values) = ($pong, $pong->value);
            same ['RPC::XML::string', 'RPC::XML::boolean', 'RPC::XML::int', 'RPC::XML::array'],
                [map { ref $types->{$_} } qw(email master nodeworx_id scopes)];
            same ['admin@example.com', 1, 1, 'all'], [@$values{qw(email master nodeworx_id)}, @{ $values->{scopes} }];
            my $account = call('iwapi.getSiteWorxAccount', told('KEY'), { domain => told('DOMAIN') })->value;
            same [$NICKNAME, 'pro', 5000, 1], [@$account{qw(nickname package_name OPT_STORAGE OPT_SSL)}];
            my $fault = call('iwapi.getSiteWorxAccount', told('KEY'), { domain => 'no-' . told('DOMAIN') });
            same [1, 3001], [$fault->is_fault, $fault->code];
        };
    },
);
